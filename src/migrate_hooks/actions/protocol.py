"""How a run is prepared and how one step is run, whichever way its statements want it."""

import random
import time

from migrate_hooks.actions import locking, stepwise, transactional
from migrate_hooks.actions.job import Ending, Job, Result, deed_of
from migrate_hooks.errors import Failure, LockBusy, QueryFailed, Refused
from migrate_hooks.history.session import AS_BEFORE, BEGIN, settings_sql
from migrate_hooks.ledgers import bookkeeping, store
from migrate_hooks.model.books import Identity, Standing
from migrate_hooks.model.history import SessionSettings, Step
from migrate_hooks.model.migration import called

LOCK_TIMEOUT = "55P03"
# Both mean that nothing of a transaction is left, and that a little later all may go well.
_WORTH_A_RETRY = frozenset({LOCK_TIMEOUT, "40P01"})
_LONGEST_PAUSE = 30.0


def prepare(
    job: Job, settings: SessionSettings, standing: Standing, identity: Identity | None
) -> tuple[str, ...]:
    """Create ledger and books if need be and record `identity` if given, under our lock.

    Returns the names of what was created. Raises LockBusy, also where the ledger is in use,
    and Refused.
    """
    session, ledger = job.session, job.ledger
    makes_books = job.keeps_books and standing is Standing.MISSING
    makes_ledger = not set(ledger.columns) <= store.columns(session, ledger)
    if not (makes_books or makes_ledger or (identity and job.keeps_books)):
        return ()
    try:
        session.batch(*((sql, ()) for sql in (BEGIN, *settings_sql(settings, local=True))))
        locking.for_transaction(session, ledger, job.settings.lock_wait)
        created = [f"the ledger {ledger.place}"] if store.ensure(session, ledger) else []
        if makes_books:
            bookkeeping.create(session)
            created.append(f"schema {bookkeeping.SCHEMA} for identity, history and progress")
        if identity and job.keeps_books:
            _record(job, identity)
        session.run("COMMIT")
    except QueryFailed as refused:
        session.roll_back_quietly()
        raise _in_use(job, refused) from None
    except BaseException:
        session.roll_back_quietly()
        raise
    return tuple(created)


def _record(job: Job, identity: Identity) -> None:
    """Record whose database it is, unless another run did since the guards looked."""
    name = job.session.target.environment
    (found,) = job.session.batch(bookkeeping.others(name))
    if found:
        raise Refused(
            f"This database was recorded as {found[0][0]} a moment ago, by another run, and the "
            f"connection string of {name} leads to it. Nothing was changed.",
            f"Check where {name} points: `migrate-hooks env check`.",
        )
    job.session.batch(*bookkeeping.identify(identity, name, job.who))


def _in_use(job: Job, refused: QueryFailed) -> Failure:
    if refused.sqlstate != LOCK_TIMEOUT:
        return refused
    return LockBusy(
        f"The ledger {job.ledger.place} of {job.session.target.environment} is in use by another "
        f"session: it could not be made ready within {job.settings.lock_timeout} ms. Nothing ran.",
        "Wait until that session is done, then run the same command again.",
    )


def run(job: Job, step: Step) -> Result:
    """Run one step; where a lock was not to be had, try again a bounded number of times."""
    runner = transactional.run if step.script.in_transaction else stepwise.run
    retries = job.settings.lock_retries
    for attempt in range(retries + 1):
        result = runner(job, step)
        if not _may_try_again(result, step):
            break
        if attempt < retries:
            _pause(job, step, attempt + 1)
    else:
        result = _given_up(job, step, result)
    if result.ending is not Ending.DONE:
        _remember(job, step, result)
    return result


def _may_try_again(result: Result, step: Step) -> bool:
    state = result.failure.sqlstate if isinstance(result.failure, QueryFailed) else ""
    if result.interrupted or state not in _WORTH_A_RETRY:
        return False
    if result.ending is Ending.FAILED:
        return True
    # Statement by statement, a later try goes on where this one stopped; but what commits in its
    # own middle would do the first part of its work twice.
    may_commit = result.statement is not None and result.statement.verb in stepwise.MAY_COMMIT
    return not (step.script.in_transaction or may_commit)


def _pause(job: Job, step: Step, attempt: int) -> None:
    """Let the others work for a while: nobody queues behind us meanwhile."""
    patience = job.settings.lock_timeout / 1_000 or 1.0
    seconds = min(patience * attempt * random.uniform(0.5, 1.5), _LONGEST_PAUSE)  # noqa: S311
    tries = job.settings.lock_retries + 1
    job.voice.say(
        f"{called(step.migration.path)}: {_who(job)}. Trying again in "
        f"{seconds:.1f} s ({attempt + 1} of {tries})"
    )
    job.log("retry", path=step.migration.path, attempt=attempt + 1, seconds=round(seconds, 1))
    job.voice.status(f"{called(step.migration.path)} waits before its next try")
    time.sleep(seconds)


def _who(job: Job) -> str:
    blocker = job.lookout.blocker
    patience = f"{job.settings.lock_timeout} ms"
    if blocker is None:
        return f"a lock was not to be had within {patience}"
    return f"{blocker.lock} was not to be had within {patience} because of {blocker.spelled}"


def _given_up(job: Job, step: Step, result: Result) -> Result:
    if not isinstance(result.failure, QueryFailed) or result.failure.sqlstate != LOCK_TIMEOUT:
        return result
    tries = job.settings.lock_retries + 1
    times = "once" if tries == 1 else f"{tries} times"
    blocker = job.lookout.blocker
    end = f"; end it with SELECT pg_terminate_backend({blocker.pid})" if blocker else ""
    busy = LockBusy(
        f"{step.migration.path} was tried {times} and gave up: {_who(job)} "
        f"(ERROR {LOCK_TIMEOUT}: {result.failure.message}).",
        f"Wait until that session is done{end}, or run it at a quieter time.",
    )
    return Result(result.ending, busy, result.statement)


def _remember(job: Job, step: Step, result: Result) -> None:
    """Write a bad ending into our history, if that is possible at all: it decides nothing."""
    session = job.session
    if not job.keeps_books or session.connection.closed or result.ending is Ending.ALREADY:
        return
    note = result.failure.message if result.failure else "interrupted"
    deed = deed_of(job, step, result.ending.value, note=note)
    try:
        session.batch(*((sql, ()) for sql in AS_BEFORE))
        opened = (BEGIN, *settings_sql(step.settings, local=True))
        session.batch(*((sql, ()) for sql in opened), bookkeeping.write_down(deed), ("COMMIT", ()))
    except Failure:
        session.roll_back_quietly()
