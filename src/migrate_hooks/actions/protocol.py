"""How one migration is run: all of it together with its ledger row, or nothing of it.

The lock is polled and never waited for inside the server: a waiter there deadlocks with CREATE
INDEX CONCURRENTLY. Only the server's transaction id decides what became of a COMMIT that was cut.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from migrate_hooks.errors import ConnectionLost, Failure, LockBusy, QueryFailed
from migrate_hooks.history.session import BEGIN, settings_sql
from migrate_hooks.ledgers import store
from migrate_hooks.ledgers.base import Ledger
from migrate_hooks.model.history import Direction, Record, Step
from migrate_hooks.model.migration import Statement
from migrate_hooks.outside.postgres import Session

LOCK_KEY = int.from_bytes(b"migrhook", "big")
_POLL_SECONDS = 0.2

# A file may have changed who we are; the ledger row is ours.
_AS_OURSELVES = "RESET SESSION AUTHORIZATION; RESET ROLE"
# Beside what PostgreSQL refuses inside a transaction block, these may commit in their middle.
_MAY_COMMIT = frozenset({"CALL", "DO"})

_HOLDERS = """
SELECT activity.pid, activity.application_name,
       pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - activity.xact_start)::text
FROM pg_catalog.pg_locks AS held
JOIN pg_catalog.pg_stat_activity AS activity ON activity.pid = held.pid
WHERE held.locktype = 'advisory' AND held.granted
AND held.classid::bigint = %s AND held.objid::bigint = %s
"""


class Ending(StrEnum):
    """How a step ended."""

    DONE = "done"
    ALREADY = "already-done"
    FAILED = "failed"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Result:
    """The ending of a step, and for a bad one its failure and the statement it happened at.

    `interrupted` is True when ctrl-C ended it.
    """

    ending: Ending
    failure: Failure | None = None
    statement: Statement | None = None
    interrupted: bool = False


class _Stopped(Exception):
    """A statement failed; carries which one, why, and how many had ended before it."""

    def __init__(self, statement: Statement, failure: Failure, completed: int) -> None:
        super().__init__(failure.message)
        self.statement = statement
        self.failure = failure
        self.completed = completed


def prepare(session: Session, ledger: Ledger, lock_wait: int) -> bool:
    """Create the ledger if need be, under the lock; return whether it was created."""
    if set(ledger.columns) <= store.columns(session, ledger):
        return False
    session.run(BEGIN)
    try:
        _take_lock(session, "pg_try_advisory_xact_lock", lock_wait)
        created = store.ensure(session, ledger)
        session.run("COMMIT")
    except BaseException:
        session.roll_back_quietly()
        raise
    return created


def run(session: Session, ledger: Ledger, step: Step, lock_wait: int, *, again: bool) -> Result:
    """Run one step; `again` runs it although the ledger has it. Raises LockBusy."""
    runner = _in_transaction if step.script.in_transaction else _outside_transaction
    try:
        return runner(session, ledger, step, lock_wait, again)
    finally:
        # Whatever the file set (role, search_path, timeouts) must not reach the next one.
        if not session.connection.closed and not session.in_transaction:
            _discard(session)


def _discard(session: Session) -> None:
    try:
        session.run("DISCARD ALL")
    except Failure:
        session.connection.close()


def _in_transaction(
    session: Session, ledger: Ledger, step: Step, lock_wait: int, again: bool
) -> Result:
    committing = False
    transaction = ""
    try:
        session.run(BEGIN)
        for statement in settings_sql(step.settings, local=True):
            session.run(statement)
        _take_lock(session, "pg_try_advisory_xact_lock", lock_wait)
        # Asked again under the lock: another process may have applied it meanwhile.
        if not again and is_done(session, ledger, step):
            session.run("ROLLBACK")
            return Result(Ending.ALREADY)
        transaction = _transaction_id(session)
        _run_statements(session, step)
        if not _is_same_transaction(session, transaction):
            session.roll_back_quietly()
            return Result(Ending.PARTIAL, QueryFailed("A statement ended the transaction."))
        session.run(_AS_OURSELVES)
        _write_down(session, ledger, step)
        committing = True
        session.run("COMMIT")
    except _Stopped as stopped:
        # A failed statement leaves its transaction open; none means that one was ended before.
        kept = session.connection.closed or session.in_transaction
        session.roll_back_quietly()
        ending = Ending.FAILED if kept else Ending.PARTIAL
        return Result(ending, stopped.failure, stopped.statement)
    except ConnectionLost as lost:
        ending = _ask_what_happened(session, transaction) if committing else Ending.FAILED
        return Result(ending, lost)
    except QueryFailed as refused:
        session.roll_back_quietly()
        return Result(Ending.FAILED, refused)
    except KeyboardInterrupt:
        session.roll_back_quietly()
        ending = _ask_what_happened(session, transaction) if committing else Ending.FAILED
        return Result(ending, interrupted=True)
    except BaseException:
        session.roll_back_quietly()
        raise
    return Result(Ending.DONE)


def _outside_transaction(
    session: Session, ledger: Ledger, step: Step, lock_wait: int, again: bool
) -> Result:
    try:
        for statement in settings_sql(step.settings, local=False):
            session.run(statement)
        with _session_lock(session, lock_wait):
            if not again and is_done(session, ledger, step):
                return Result(Ending.ALREADY)
            return _one_by_one(session, ledger, step)
    except (ConnectionLost, QueryFailed) as failure:
        return Result(Ending.FAILED, failure)  # nothing of the file was sent yet


def _one_by_one(session: Session, ledger: Ledger, step: Step) -> Result:
    try:
        _run_statements(session, step)
        session.run(_AS_OURSELVES)
        session.run(BEGIN)
        _write_down(session, ledger, step)
        session.run("COMMIT")
    except _Stopped as stopped:
        return Result(_what_it_left(stopped), stopped.failure, stopped.statement)
    except (ConnectionLost, QueryFailed) as broken:
        session.roll_back_quietly()
        return Result(Ending.UNKNOWN, broken)
    return Result(Ending.DONE)


def _what_it_left(stopped: _Stopped) -> Ending:
    """Return how a file ended whose statements commit one by one."""
    if isinstance(stopped.failure, ConnectionLost):
        return Ending.UNKNOWN  # the server may have finished the statement without us
    statement = stopped.statement
    in_pieces = not statement.transactional or statement.verb in _MAY_COMMIT
    return Ending.PARTIAL if stopped.completed or in_pieces else Ending.FAILED


def is_done(session: Session, ledger: Ledger, step: Step) -> bool:
    """Return whether the ledger says that the step's work stands: a row for UP, none for DOWN."""
    return store.has(session, ledger, step.migration) is (step.direction is Direction.UP)


def _write_down(session: Session, ledger: Ledger, step: Step) -> None:
    if step.direction is Direction.UP:
        store.record(session, ledger, Record(step.migration))
    else:
        store.forget(session, ledger, step.migration)


def _run_statements(session: Session, step: Step) -> None:
    for number, statement in enumerate(step.script.statements):
        try:
            session.run(statement.text)
        except (QueryFailed, ConnectionLost) as failure:
            raise _Stopped(statement, failure, number) from None


def _transaction_id(session: Session) -> str:
    return str(session.value("SELECT pg_catalog.pg_current_xact_id()::text"))


def _is_same_transaction(session: Session, transaction: str) -> bool:
    return session.in_transaction and _transaction_id(session) == transaction


def _ask_what_happened(session: Session, transaction: str) -> Ending:
    """Learn from the server, over a new connection, what became of a COMMIT that was cut off."""
    from migrate_hooks.outside import postgres

    try:
        with postgres.session(session.target) as fresh:
            status = fresh.value(
                "SELECT pg_catalog.pg_xact_status(%s::pg_catalog.xid8)", [transaction]
            )
    except Failure:
        return Ending.UNKNOWN
    known = {"committed": Ending.DONE, "aborted": Ending.FAILED}
    return known.get(str(status), Ending.UNKNOWN)


def _take_lock(session: Session, function: str, lock_wait: int) -> None:
    deadline = time.monotonic() + lock_wait
    while not session.value(f"SELECT pg_catalog.{function}(%s)", [LOCK_KEY]):
        if time.monotonic() >= deadline:
            raise _busy(session, lock_wait)
        time.sleep(_POLL_SECONDS)


def _busy(session: Session, lock_wait: int) -> LockBusy:
    environment = session.target.environment
    rows = session.rows(_HOLDERS, (LOCK_KEY >> 32, LOCK_KEY & 0xFFFF_FFFF))
    holder = f" It is process {rows[0][0]} ({rows[0][1]}), for {rows[0][2]}." if rows else ""
    return LockBusy(
        f"Another migrate-hooks is changing {environment}; waited {lock_wait} s for it.{holder}",
        f"Wait until it is done, then run migrate-hooks status --env={environment}.",
    )


@contextmanager
def _session_lock(session: Session, lock_wait: int) -> Iterator[None]:
    _take_lock(session, "pg_try_advisory_lock", lock_wait)
    try:
        yield
    finally:
        if not session.connection.closed:
            try:
                session.value("SELECT pg_catalog.pg_advisory_unlock(%s)", [LOCK_KEY])
            except Failure:
                session.connection.close()  # which lets the server drop the lock
