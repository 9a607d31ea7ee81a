"""Our own lock: one run at a time changes a database.

It is polled and never waited for inside the server: a waiter there deadlocks with CREATE INDEX
CONCURRENTLY.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from migrate_hooks.errors import Failure, LockBusy
from migrate_hooks.ledgers.base import Ledger
from migrate_hooks.outside.postgres import Session

LOCK_KEY = int.from_bytes(b"migrhook", "big")
"""Ours; beside it stands that of the ledger's own tool, if it takes one."""

_POLL_SECONDS = 0.2

_HOLDERS = """
SELECT activity.pid, activity.application_name,
       pg_catalog.date_trunc('second', pg_catalog.clock_timestamp() - activity.xact_start)::text
FROM pg_catalog.pg_locks AS held
JOIN pg_catalog.pg_stat_activity AS activity ON activity.pid = held.pid
WHERE held.locktype = 'advisory' AND held.granted AND held.pid <> pg_catalog.pg_backend_pid()
AND held.database = (SELECT oid FROM pg_catalog.pg_database
    WHERE datname = pg_catalog.current_database())
AND (held.classid::bigint << 32) | held.objid::bigint = ANY (%s)
LIMIT 1
"""


def keys(ledger: Ledger) -> tuple[int, ...]:
    """Return the keys that a run takes."""
    return (LOCK_KEY,) if ledger.lock is None else (LOCK_KEY, ledger.lock)


def attempt(function: str, ledger: Ledger) -> str:
    """Return the expression that tries to take every key by that function of the server."""
    tries = (f"pg_catalog.{function}({key})" for key in keys(ledger))
    return " AND ".join(tries)


def for_transaction(session: Session, ledger: Ledger, lock_wait: int) -> None:
    """Lock until the open transaction ends; raises LockBusy after `lock_wait` seconds."""
    _take(session, ledger, lock_wait, "pg_try_advisory_xact_lock")


def _take(session: Session, ledger: Ledger, lock_wait: int, function: str) -> None:
    deadline = time.monotonic() + lock_wait
    while not session.value(f"SELECT {attempt(function, ledger)}"):
        if time.monotonic() >= deadline:
            raise _busy(session, ledger, lock_wait)
        time.sleep(_POLL_SECONDS)


def _busy(session: Session, ledger: Ledger, lock_wait: int) -> LockBusy:
    environment = session.target.environment
    rows = session.rows(_HOLDERS, [list(keys(ledger))])
    holder = ""
    if rows:
        since = f", for {rows[0][2]}" if rows[0][2] else ""
        holder = f" It is process {rows[0][0]} ({rows[0][1]}){since}."
    return LockBusy(
        f"Another {_tools(ledger)} is changing {environment}; waited {lock_wait} s for it.{holder}",
        f"Wait until it is done, then run migrate-hooks status --env={environment}.",
    )


def _tools(ledger: Ledger) -> str:
    return "migrate-hooks" if ledger.lock is None else f"migrate-hooks (or {ledger.name})"


@contextmanager
def held(session: Session, ledger: Ledger, lock_wait: int) -> Iterator[None]:
    """Hold the lock over several transactions. Raises LockBusy."""
    _take(session, ledger, lock_wait, "pg_try_advisory_lock")
    try:
        yield
    finally:
        if not session.connection.closed:
            try:
                session.value("SELECT pg_catalog.pg_advisory_unlock_all()")
            except Failure:
                session.connection.close()  # which lets the server drop the lock
