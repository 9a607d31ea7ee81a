"""Running a ledger's SQL: one store for every kind."""

from migrate_hooks.errors import LedgerUnreadable, QueryFailed
from migrate_hooks.ledgers.base import Ledger
from migrate_hooks.model.history import Applied, Record
from migrate_hooks.model.migration import Migration
from migrate_hooks.outside.postgres import Session
from migrate_hooks.registry import load

_COLUMNS = """
SELECT attribute.attname::text
FROM pg_catalog.pg_attribute AS attribute
JOIN pg_catalog.pg_class AS class ON class.oid = attribute.attrelid
JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE namespace.nspname = %s AND class.relname = %s
AND attribute.attnum > 0 AND NOT attribute.attisdropped
"""
# Row security must not make a ledger look empty, nor a lock on it make us wait for ever.
_CAREFULLY = """
BEGIN READ ONLY;
SET LOCAL row_security = off;
SET LOCAL lock_timeout = '3s';
SET LOCAL statement_timeout = '10s'
"""
_DENIED = "42501"
_BUSY = frozenset({"55P03", "57014"})


def by_name(name: str) -> Ledger:
    """Return the ledger of that name."""
    return load("migrate_hooks.ledgers.adapters", name, "LEDGER", Ledger)


def exists(session: Session, ledger: Ledger) -> bool:
    """Return whether the ledger's table is there (also to a role that may not read it)."""
    return bool(columns(session, ledger))


def columns(session: Session, ledger: Ledger) -> set[str]:
    """Return the names of the ledger table's columns; none when it is not there."""
    return {row[0] for row in session.rows(_COLUMNS, (ledger.schema, ledger.table))}


def read(session: Session, ledger: Ledger) -> tuple[Applied, ...]:
    """Return the ledger's rows, oldest version first; none when there is no such table yet.

    Raises LedgerUnreadable when the table is there and this role may not read it: a ledger that
    cannot be read is not an empty one.
    """
    if not exists(session, ledger):
        return ()
    try:
        session.run(_CAREFULLY)
        rows = session.rows(ledger.select)
    except QueryFailed as refused:
        raise _unreadable(session, ledger, refused) from None
    finally:
        session.roll_back_quietly()
    try:
        found = [ledger.to_applied(row[0]) for row in rows]
    except (KeyError, TypeError, ValueError):
        raise _strange(session, ledger) from None
    return tuple(sorted(found, key=lambda one: one.version))


def _strange(session: Session, ledger: Ledger) -> LedgerUnreadable:
    place = f"{ledger.schema}.{ledger.table}"
    return LedgerUnreadable(
        f"{place} of {session.target.environment} is not the table that {ledger.name} writes, so "
        "its history is not known.",
        f"See what it holds (TABLE {place} LIMIT 5); whatever else keeps its rows there "
        "needs a table of its own.",
    )


def _unreadable(session: Session, ledger: Ledger, refused: QueryFailed) -> LedgerUnreadable:
    place = f"{ledger.schema}.{ledger.table}"
    environment = session.target.environment
    if refused.sqlstate in _BUSY:
        return LedgerUnreadable(
            f"The ledger {place} of {environment} is locked by another session, so its history "
            "is not known.",
            "Wait until whoever changes that table is done, then run the command again.",
        )
    if refused.sqlstate != _DENIED:
        return LedgerUnreadable(
            f"The ledger {place} of {environment} could not be read, so its history is not known: "
            f"{refused.message}",
            f"Make this work first: TABLE {place};",
        )
    return LedgerUnreadable(
        f"The ledger {place} of {environment} may not be read whole by role "
        f"{session.target.user or 'of this connection'}, so its history is not known.",
        f"Grant it: GRANT USAGE ON SCHEMA {ledger.schema} TO …; GRANT SELECT ON {place} TO …; (or "
        "be the table's owner: row security hides nothing there).",
    )


def ensure(session: Session, ledger: Ledger) -> bool:
    """Create what is missing of the ledger's table; return whether anything was."""
    if set(ledger.columns) <= columns(session, ledger):
        return False
    for statement in ledger.create:
        session.run(statement)
    return True


def has(session: Session, ledger: Ledger, migration: Migration) -> bool:
    """Return whether the ledger has a row of this migration now."""
    return bool(session.rows(ledger.find, ledger.to_key(migration)))


def record(session: Session, ledger: Ledger, done: Record) -> None:
    """Write the row of a migration that was applied or failed, replacing the one it may have.

    A ledger that cannot tell the two apart gets no row of one that failed.
    """
    forget(session, ledger, done.migration)
    if ledger.keeps_failures or not done.failed:
        session.rows(ledger.insert, ledger.to_row(done))


def forget(session: Session, ledger: Ledger, migration: Migration) -> None:
    """Remove the row of a migration."""
    session.rows(ledger.delete, ledger.to_key(migration))
