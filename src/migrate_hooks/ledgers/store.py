"""Running a ledger's SQL: one store for every kind."""

from collections.abc import Sequence
from typing import Any

from migrate_hooks.errors import LedgerUnreadable, QueryFailed
from migrate_hooks.ledgers.base import OWN, Ledger, placed, quoted
from migrate_hooks.model.history import Applied, Record
from migrate_hooks.model.migration import Migration
from migrate_hooks.outside.postgres import Query, Session
from migrate_hooks.registry import load, member_names

_ADAPTERS = "migrate_hooks.ledgers.adapters"
_COLUMNS = """
SELECT attribute.attname::pg_catalog.text
FROM pg_catalog.pg_attribute AS attribute
JOIN pg_catalog.pg_class AS class ON class.oid OPERATOR(pg_catalog.=) attribute.attrelid
JOIN pg_catalog.pg_namespace AS namespace
    ON namespace.oid OPERATOR(pg_catalog.=) class.relnamespace
WHERE namespace.nspname OPERATOR(pg_catalog.=) %s AND class.relname OPERATOR(pg_catalog.=) %s
AND attribute.attnum OPERATOR(pg_catalog.>) 0 AND NOT attribute.attisdropped
"""
_TABLES = """
SELECT namespace.nspname::pg_catalog.text, class.relname::pg_catalog.text
FROM pg_catalog.pg_class AS class
JOIN pg_catalog.pg_namespace AS namespace
    ON namespace.oid OPERATOR(pg_catalog.=) class.relnamespace
WHERE namespace.nspname OPERATOR(pg_catalog.=) ANY (%s::pg_catalog.name[])
AND class.relname OPERATOR(pg_catalog.=) ANY (%s::pg_catalog.name[])
"""
_SCHEMAS = """
SELECT namespace.nspname::pg_catalog.text
FROM pg_catalog.pg_class AS class
JOIN pg_catalog.pg_namespace AS namespace
    ON namespace.oid OPERATOR(pg_catalog.=) class.relnamespace
WHERE class.relname OPERATOR(pg_catalog.=) %s
ORDER BY 1
"""
_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname OPERATOR(pg_catalog.=) %s"
# Row security must not make a ledger look empty, nor a lock on it make us wait for ever. Nothing
# of a stranger's schema is called, and times are told in UTC.
_CAREFULLY = """
BEGIN READ ONLY;
SET LOCAL search_path = '';
SET LOCAL timezone = 'UTC';
SET LOCAL row_security = off;
SET LOCAL lock_timeout = '3s';
SET LOCAL statement_timeout = '10s'
"""
_DENIED = "42501"
_BUSY = frozenset({"55P03", "57014"})


def by_name(name: str, schema: str | None = None) -> Ledger:
    """Return the ledger of that name, in the schema that a DSN names if it follows it."""
    return placed(load(_ADAPTERS, name, "LEDGER", Ledger), schema)


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
    return _known(session, ledger, _rows(session, ledger, ledger.select))


def lock(session: Session, ledger: Ledger) -> tuple[Applied, ...]:
    """Return the rows again, in the open transaction: until it ends nobody else changes them.

    The table must be there, and the timezone UTC. Raises QueryFailed.
    """
    table = f"{quoted(ledger.schema)}.{quoted(ledger.table)}"
    session.run(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
    return _known(session, ledger, session.rows(ledger.select))


def _known(
    session: Session, ledger: Ledger, rows: Sequence[tuple[Any, ...]]
) -> tuple[Applied, ...]:
    try:
        found = [one for row in rows if (one := ledger.to_applied(row[0]))]
    except (KeyError, TypeError, ValueError):
        raise _strange(session, ledger) from None
    return _one_each(found)


def holding(session: Session, schema: str | None) -> tuple[Ledger, ...]:
    """Return the ledgers of every tool that hold anything in this database.

    One that may not be read counts as one that does: nothing says that it is empty.
    """
    names = member_names(_ADAPTERS)
    known = [by_name(name, schema) for name in names]
    found = session.rows(_TABLES, ([one.schema for one in known], [one.table for one in known]))
    return tuple(one for one in known if (one.schema, one.table) in found and _holds(session, one))


def schemas_with(session: Session, table: str) -> tuple[str, ...]:
    """Return the names of the schemas that have a table of that name."""
    return tuple(row[0] for row in session.rows(_SCHEMAS, [table]))


def _holds(session: Session, ledger: Ledger) -> bool:
    try:
        return bool(_rows(session, ledger, f"{ledger.select} LIMIT 1"))
    except LedgerUnreadable:
        return True


def _rows(session: Session, ledger: Ledger, sql: str) -> list[tuple[Any, ...]]:
    try:
        return session.batch((_CAREFULLY, ()), (sql, ()), ("ROLLBACK", ()))[-2]
    except QueryFailed as refused:
        session.roll_back_quietly()
        raise _unreadable(session, ledger, refused) from None


def _one_each(rows: Sequence[Applied]) -> tuple[Applied, ...]:
    """Return one row for each version: one that failed is not settled by an older that did not."""
    ranked = sorted(rows, key=lambda one: (one.version, one.failed, one.applied_at or ""))
    return tuple({one.version.text: one for one in ranked}.values())


def _strange(session: Session, ledger: Ledger) -> LedgerUnreadable:
    place = ledger.place
    writer = "migrate-hooks" if ledger.name == OWN else ledger.name
    return LedgerUnreadable(
        f"{place} of {session.target.environment} is not the table that {writer} writes, so its "
        "history is not known.",
        f"See what it holds (TABLE {place} LIMIT 5); whatever else keeps its rows there "
        "needs a table of its own.",
    )


def _unreadable(session: Session, ledger: Ledger, refused: QueryFailed) -> LedgerUnreadable:
    place = ledger.place
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
    schema = place.removesuffix(f".{ledger.table}")
    return LedgerUnreadable(
        f"The ledger {place} of {environment} may not be read whole by role "
        f"{session.target.user or 'of this connection'}, so its history is not known.",
        f"Grant it: GRANT USAGE ON SCHEMA {schema} TO …; GRANT SELECT ON {place} TO …; (or be the "
        "table's owner: row security hides nothing there).",
    )


def ensure(session: Session, ledger: Ledger) -> bool:
    """Create what is missing of the ledger's table; return whether anything was."""
    if set(ledger.columns) <= columns(session, ledger):
        return False
    # CREATE SCHEMA IF NOT EXISTS would ask for a right on the database even where it does nothing.
    if not session.rows(_SCHEMA, [ledger.schema]):
        session.run(f"CREATE SCHEMA {quoted(ledger.schema)}")
    for statement in ledger.create:
        session.run(statement)
    return True


def has(session: Session, ledger: Ledger, migration: Migration) -> bool:
    """Return whether the ledger has a row of this migration now."""
    return bool(session.rows(ledger.find, ledger.to_key(migration)))


def record(session: Session, ledger: Ledger, done: Record) -> None:
    """Write the row of a migration that was applied or failed, replacing the one it may have."""
    session.batch(*recording(ledger, done))


def recording(ledger: Ledger, done: Record) -> tuple[Query, ...]:
    """Return the statements that write a migration's row, for a batch.

    A ledger that cannot tell a failed migration from an applied one gets no row of the former.
    """
    gone = forgetting(ledger, done.migration)
    if ledger.keeps_failures or not done.failed:
        return gone, (ledger.insert, ledger.to_row(done))
    return (gone,)


def realigning(ledger: Ledger, migration: Migration, version: str) -> Query:
    """Return the statement that makes the row of `version` say what the file says."""
    return ledger.realign, (*ledger.to_realigned(migration), version)


def forget(session: Session, ledger: Ledger, migration: Migration) -> None:
    """Remove the row of a migration."""
    session.batch(forgetting(ledger, migration))


def forgetting(ledger: Ledger, migration: Migration) -> Query:
    """Return the statement that removes a migration's row, for a batch."""
    return ledger.delete, ledger.to_key(migration)
