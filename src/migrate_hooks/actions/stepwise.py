"""A migration outside a transaction: statement by statement, each written down before and after.

What may run in a transaction runs in one with its own mark of progress, so it runs exactly once. Of
what may not, a mark says that it was begun, and `settle` finds out what became of it.
"""

import time

from migrate_hooks.actions import locking, settle
from migrate_hooks.actions.job import Ending, Job, Result, Stopped, command, is_done, written
from migrate_hooks.actions.settle import Settled, Verdict
from migrate_hooks.actions.transactional import AS_OURSELVES
from migrate_hooks.errors import ConnectionLost, Failure, QueryFailed
from migrate_hooks.history.session import AS_BEFORE, BEGIN, settings_sql
from migrate_hooks.ledgers import bookkeeping
from migrate_hooks.model.books import Progress
from migrate_hooks.model.history import Step
from migrate_hooks.model.migration import Statement
from migrate_hooks.outside.postgres import Query
from migrate_hooks.sql.checksum import checksum

MAY_COMMIT = frozenset({"CALL", "DO"})
"""Beside what PostgreSQL refuses inside a transaction block, these may commit in their middle."""

# They change nothing but the session, and a later run has a session of its own.
_OF_SESSION = frozenset({"SET", "RESET"})
_NOT_IN_TRANSACTION = "25001"
# The marks are ours, whoever the file has become; its own role comes back with the COMMIT. Ours is
# the one that the session began with, which need not be the role that logged in.
_FOR_A_MOMENT: tuple[Query, ...] = (
    ("SET LOCAL SESSION AUTHORIZATION DEFAULT", ()),
    ("SET LOCAL role TO DEFAULT", ()),
    ("SET LOCAL search_path = ''", ()),
)


def run(job: Job, step: Step) -> Result:
    """Run one step, or what an earlier run left of it. Raises LockBusy."""
    try:
        texts = (*AS_BEFORE, *settings_sql(step.settings, local=False))
        job.session.batch(*((sql, ()) for sql in texts))
        with locking.held(job.session, job.ledger, job.settings.lock_wait):
            if not job.again and is_done(job.session, job.ledger, step):
                return Result(Ending.ALREADY)
            return _go_on(job, step)
    except (ConnectionLost, QueryFailed) as failure:
        return Result(Ending.FAILED, failure)  # nothing of the file was sent yet


def _go_on(job: Job, step: Step) -> Result:
    started = time.monotonic()
    statements = step.script.statements
    version, direction = step.migration.version.text, step.direction
    known = bookkeeping.progress(job.session, version, direction)
    first = 0
    if known:
        first = known.statements_done
        if known.checksum != _checksum(statements[: first + known.running]):
            return _edited(step, known)
        stuck = _resume(job, step, known)
        if isinstance(stuck, Result):
            return stuck
        first = stuck
    try:
        for number in range(first, len(statements)):
            _one(job, step, number)
    except Stopped as stopped:
        advice = _after_its_own_commits(job, step, stopped)
        return Result(_what_it_left(stopped), stopped.failure, stopped.statement, advice=advice)
    return _write_down(job, step, int((time.monotonic() - started) * 1_000))


def _checksum(statements: tuple[Statement, ...]) -> str:
    return checksum(";\n".join(one.text for one in statements))


def _edited(step: Step, known: Progress) -> Result:
    count = known.statements_done
    ran = "its first statement was" if count + known.running == 1 else f"{count} statements were"
    failure = Failure(
        f"{step.path} was edited after {ran} run: an earlier run ended in its middle, "
        "and what has run is not what the file now starts with."
    )
    advice = (
        "Put those statements back as they were and run it again, which goes on behind them; what "
        "should change in them is a new migration."
    )
    return Result(Ending.PARTIAL, failure, advice=advice)


def _resume(job: Job, step: Step, known: Progress) -> int | Result:
    """Bring session and leftovers in order; return the number of the statement to go on with."""
    statements, first = step.script.statements, known.statements_done
    try:
        for statement in statements[:first]:
            if statement.verb in _OF_SESSION:
                job.session.run(statement.text)
        found = _settled(job, statements[first : first + 1], known)
    except (QueryFailed, ConnectionLost) as failure:
        return Result(Ending.PARTIAL, failure)
    for sentence in found.done:
        job.voice.say(f"{step.migration.path}: {sentence}")
    if found.verdict is Verdict.UNKNOWN:
        return _stuck(job, step, statements[first], first)
    first += found.verdict is Verdict.DONE
    job.voice.say(
        f"{step.migration.path} goes on behind statement {first} of {len(statements)}: an earlier "
        "run ended there"
    )
    return first


def _settled(job: Job, following: tuple[Statement, ...], known: Progress) -> Settled:
    """Settle the statement behind the last that is done, if there is one."""
    for statement in following:
        return settle.settle(job.session, statement, running=known.running)
    return Settled(Verdict.RUN)


def _stuck(job: Job, step: Step, statement: Statement, done: int) -> Result:
    environment = job.session.target.environment
    failure = Failure(
        f"An earlier run ended while statement {done + 1} of {step.path} was under way, "
        "and nothing in the database tells whether it took effect."
    )
    advice = (
        f"Look at what line {statement.line} changes, then say what you found: "
        f"`migrate-hooks repair --env={environment}`."
    )
    return Result(Ending.UNKNOWN, failure, statement, advice=advice)


def _one(job: Job, step: Step, number: int) -> None:
    statements = step.script.statements
    statement = statements[number]
    job.voice.status(f"statement {number + 1} of {len(statements)}: {statement.verb}")
    try:
        with job.lookout.during():
            _exactly_once(job, step, number)
    except (QueryFailed, ConnectionLost) as failure:
        job.session.roll_back_quietly()
        raise Stopped(statement, failure, number) from None


def _exactly_once(job: Job, step: Step, number: int) -> None:
    statement = step.script.statements[number]
    if statement.transactional and statement.verb not in MAY_COMMIT:
        try:
            after = _mark(job, step, number + 1)
            job.session.last((BEGIN, ()), (statement.text, ()), *after, ("COMMIT", ()))
        except QueryFailed as refused:
            if refused.sqlstate != _NOT_IN_TRANSACTION:
                raise
            job.session.roll_back_quietly()
        else:
            return
    _alone(job, step, number)


def _alone(job: Job, step: Step, number: int) -> None:
    _keep(job, step, number, running=True)
    try:
        job.session.run(step.script.statements[number].text)
    except QueryFailed:
        job.session.roll_back_quietly()
        _keep(job, step, number)  # the server said so: it is not under way any more
        raise
    _keep(job, step, number + 1)


def _keep(job: Job, step: Step, done: int, *, running: bool = False) -> None:
    mark = _mark(job, step, done, running=running)
    job.session.batch((BEGIN, ()), *mark, ("COMMIT", ()))


def _mark(job: Job, step: Step, done: int, *, running: bool = False) -> tuple[Query, ...]:
    ran = _checksum(step.script.statements[: done + running])
    found = Progress(ran, done, running)
    version = step.migration.version.text
    return *_FOR_A_MOMENT, bookkeeping.keep(version, step.direction, found, job.run_id)


def _write_down(job: Job, step: Step, duration_ms: int) -> Result:
    gone = bookkeeping.drop(step.migration.version.text, step.direction)
    rows = written(job, step, duration_ms, None)
    try:
        job.session.speak_utf8()
        job.session.batch((BEGIN, ()), *AS_OURSELVES, *rows, gone, ("COMMIT", ()))
    except ConnectionLost as broken:
        return Result(Ending.UNKNOWN, broken, advice=_again(job, step))
    except QueryFailed as refused:
        job.session.roll_back_quietly()
        return Result(Ending.PARTIAL, refused, advice=_again(job, step))
    return Result(Ending.DONE)


def _again(job: Job, step: Step) -> str:
    again = command(job.session.target.environment, step)
    return f"Every statement ran; only the ledger does not know it. `{again}` tells it."


def _after_its_own_commits(job: Job, step: Step, stopped: Stopped) -> str:
    statement = stopped.statement
    if statement.verb not in MAY_COMMIT or isinstance(stopped.failure, ConnectionLost):
        return ""
    again = command(job.session.target.environment, step)
    return (
        f"{statement.verb} may have committed a part of its work before it failed: look at what "
        f"line {statement.line} changes. What ran before it stays and is not run again; `{again}` "
        f"runs {statement.verb} once more."
    )


def _what_it_left(stopped: Stopped) -> Ending:
    """Return how a file ended whose statements commit one by one."""
    if isinstance(stopped.failure, ConnectionLost):
        return Ending.UNKNOWN  # the server may have finished the statement without us
    statement = stopped.statement
    in_pieces = not statement.transactional or statement.verb in MAY_COMMIT
    return Ending.PARTIAL if stopped.completed or in_pieces else Ending.FAILED
