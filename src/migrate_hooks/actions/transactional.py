"""One migration in one transaction together with its ledger row: all of it, or nothing of it.

Only the server's transaction id decides what became of a COMMIT that was cut off.
"""

import time

from migrate_hooks.actions import locking, witness
from migrate_hooks.actions.job import Ending, Job, Result, Stopped, is_done, written
from migrate_hooks.errors import ConnectionLost, Failure, QueryFailed
from migrate_hooks.history.session import AS_BEFORE, BEGIN, settings_sql
from migrate_hooks.model.history import Step
from migrate_hooks.model.migration import called
from migrate_hooks.outside.postgres import Query, Session

# A file may have changed who we are and where names lead; the ledger row is ours.
AS_OURSELVES: tuple[Query, ...] = (
    ("RESET SESSION AUTHORIZATION", ()),
    ("RESET ROLE", ()),
    ("SET LOCAL search_path = ''", ()),
)
XID: Query = ("SELECT pg_catalog.pg_current_xact_id()::pg_catalog.text", ())
_SECONDS_TO_ASK = 10


def run(job: Job, step: Step) -> Result:
    """Run one step once. Raises LockBusy when another run does not end in time."""
    session = job.session
    transaction = ""
    committing = False
    started = time.monotonic()
    try:
        transaction = _open(job, step)
        if not transaction:
            session.roll_back_quietly()
            return Result(Ending.ALREADY)
        broken = run_statements(job, step, transaction)
        if broken:
            session.roll_back_quietly()
            return broken
        milliseconds = int((time.monotonic() - started) * 1_000)
        rows = written(job, step, milliseconds, transaction)
        session.speak_utf8()
        committing = True
        with job.lookout.during():
            session.batch(*AS_OURSELVES, *rows, ("COMMIT", ()))
    except Stopped as stopped:
        session.roll_back_quietly()
        return Result(_after_failure(job, transaction), stopped.failure, stopped.statement)
    except ConnectionLost as lost:
        return Result(_after_cut(job, step, transaction, committing), lost)
    except QueryFailed as refused:
        session.roll_back_quietly()
        return Result(Ending.FAILED, refused)
    except KeyboardInterrupt:
        session.roll_back_quietly()
        return Result(_after_cut(job, step, transaction, committing), interrupted=True)
    except BaseException:
        session.roll_back_quietly()
        raise
    return Result(Ending.DONE)


def _open(job: Job, step: Step) -> str:
    """Open the transaction under our lock; return its id, "" when the step turns out to be done."""
    session, find = job.session, (job.ledger.find, job.ledger.to_key(step.migration))
    # One statement, so that whoever does not get the lock uses up no transaction id.
    attempt = locking.attempt("pg_try_advisory_xact_lock", job.ledger)
    lock = f"SELECT CASE WHEN {attempt} THEN pg_catalog.pg_current_xact_id()::pg_catalog.text END"
    with job.lookout.during():
        found = session.batch(*opening(step), (lock, ()), find)
    transaction = found[-2][0][0]
    if transaction is None:
        locking.for_transaction(session, job.ledger, job.settings.lock_wait)
        transaction = session.value(XID[0])
        done = is_done(session, job.ledger, step)
    else:
        # Read after the lock was taken, by a statement of its own: it sees what others committed.
        done = bool(found[-1]) is (step.direction == "up")
    return "" if done and not job.again else str(transaction)


def opening(step: Step) -> tuple[Query, ...]:
    """Return what puts the session as it was and opens the step's transaction."""
    texts = (*AS_BEFORE, BEGIN, *settings_sql(step.settings, local=True))
    return tuple((sql, ()) for sql in texts)


def run_statements(job: Job, step: Step, transaction: str) -> Result | None:
    """Run the statements; return what is wrong when one of them ended the transaction."""
    statements = step.script.statements
    for number, statement in enumerate(statements):
        job.voice.status(f"statement {number + 1} of {len(statements)}: {statement.verb}")
        try:
            with job.lookout.during():
                answer = job.session.last((statement.text, ()), XID)
        except (QueryFailed, ConnectionLost) as failure:
            raise Stopped(statement, failure, number) from None
        if not _is_same(job.session, answer, transaction):
            ended = QueryFailed("A statement ended the transaction.")
            return Result(Ending.PARTIAL, ended, statement)
    return None


def _is_same(session: Session, answer: list[tuple[object, ...]], transaction: str) -> bool:
    return session.in_transaction and answer == [(transaction,)]


def _after_failure(job: Job, transaction: str) -> Ending:
    """Return how a step ended whose statement failed: a transaction that was ended is half done."""
    if not transaction:
        return Ending.FAILED
    try:
        status = _status(job.session, transaction)
    except ConnectionLost:
        status = _ask(job, transaction)
    except Failure:
        return Ending.UNKNOWN
    return Ending.PARTIAL if status == "committed" else Ending.FAILED


def _after_cut(job: Job, step: Step, transaction: str, committing: bool) -> Ending:
    """Return what became of a step whose connection, or whose patience, ended."""
    if not committing:
        return Ending.FAILED if not transaction else _after_failure(job, transaction)
    ending = _after_commit(job, step, _ask(job, transaction))
    done = {Ending.DONE: "committed", Ending.FAILED: "not committed"}.get(ending, "not known")
    path = called(step.migration.path)
    job.voice.say(f"{path}: the run was cut off at COMMIT; asked again, it is {done}")
    return ending


def _after_commit(job: Job, step: Step, status: str) -> Ending:
    """Return how a COMMIT ended that nobody confirmed.

    A crash, or a standby that took over, may have lost the transaction together with its number,
    and somebody else commits under that number meanwhile: only the ledger tells that it was ours.
    """
    if status == "aborted":
        return Ending.FAILED
    if status == "in progress":
        return Ending.UNKNOWN
    if job.again:
        return Ending.DONE if status == "committed" else Ending.UNKNOWN
    return _by_ledger(job, step)


def _status(session: Session, transaction: str) -> str:
    sql = "SELECT pg_catalog.pg_xact_status(%s::pg_catalog.xid8)"
    return str(session.value(sql, [transaction]))


def _ask(job: Job, transaction: str) -> str:
    """Ask over new connections what became of a transaction; "" when nobody answers in time."""
    deadline = time.monotonic() + _SECONDS_TO_ASK
    status = ""
    while True:
        try:
            with witness.session(job.session.target) as fresh:
                status = _status(fresh, transaction)
        except QueryFailed:
            return ""  # the server has never given out that number: a crash has taken it back
        except Failure:
            status = ""
        if status not in ("", "in progress") or time.monotonic() >= deadline:
            return status
        time.sleep(0.2)


def _by_ledger(job: Job, step: Step) -> Ending:
    """Return what the ledger says."""
    try:
        with witness.session(job.session.target) as fresh:
            return Ending.DONE if is_done(fresh, job.ledger, step) else Ending.FAILED
    except Failure:
        return Ending.UNKNOWN
