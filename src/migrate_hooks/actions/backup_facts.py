"""What the server says about a database at the moment of a backup, under one snapshot."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from migrate_hooks.errors import BackupFailed, Failure, LockBusy, QueryFailed
from migrate_hooks.ledgers import store
from migrate_hooks.ledgers.base import Ledger
from migrate_hooks.model.backup import Contents, LedgerHead, TableRows
from migrate_hooks.outside.postgres import Session
from migrate_hooks.registry import member_names

_LEDGERS = "migrate_hooks.ledgers.adapters"
_MEGABYTE = 1 << 20
COUNTED_TABLE, COUNTED_IN_ALL = 256 * _MEGABYTE, 2048 * _MEGABYTE
"""Bytes of the largest table, and of all together, whose rows are worth counting one by one."""
_AT_ONCE = 100

_BEGIN = """
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL search_path = '';
SET LOCAL row_security = off;
SET LOCAL lock_timeout = {lock};
SET LOCAL statement_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0
"""
_FACTS = """
SELECT
    pg_catalog.current_database()::text,
    pg_catalog.current_setting('server_version'),
    pg_catalog.date_part('epoch', pg_catalog.transaction_timestamp()),
    ARRAY(SELECT extname::text FROM pg_catalog.pg_extension ORDER BY 1),
    ARRAY(
        SELECT DISTINCT role.rolname::text
        FROM pg_catalog.pg_shdepend AS uses
        JOIN pg_catalog.pg_roles AS role ON role.oid = uses.refobjid
        JOIN pg_catalog.pg_database AS here ON here.oid = uses.dbid
        WHERE uses.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
          AND here.datname = pg_catalog.current_database()
        ORDER BY 1
    )
"""
_MAY_IDENTIFY = (
    "SELECT pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')"
)
_SYSTEM_IDENTIFIER = "SELECT system_identifier::text FROM pg_catalog.pg_control_system()"
# The tables whose rows pg_dump copies: an extension's own come back with the extension.
_TABLES = """
SELECT
    pg_catalog.format('%I.%I', namespace.nspname, class.relname),
    pg_catalog.pg_relation_size(class.oid),
    class.reltuples::bigint
FROM pg_catalog.pg_class AS class
JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE class.relkind = 'r' AND class.relpersistence <> 't'
  AND namespace.nspname !~ '^pg_' AND namespace.nspname <> 'information_schema'
  AND NOT EXISTS (
      SELECT FROM pg_catalog.pg_depend AS made
      WHERE made.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
        AND made.objid = class.oid AND made.deptype = 'e')
ORDER BY 2, 1
"""
_COUNT = "(SELECT pg_catalog.count(*) FROM ONLY {table})"


@dataclass(frozen=True, slots=True)
class Table:
    """A table before its rows are counted: size in bytes, and the server's estimate (-1: none)."""

    name: str
    size: int
    estimate: int


@contextmanager
def moment(session: Session, lock_timeout: int) -> Iterator[tuple[Contents, str]]:
    """Hold one moment of the database; yield what it contains and the snapshot's name.

    Others may import the snapshot as long as this lasts. `lock_timeout` in milliseconds. Raises
    LockBusy and BackupFailed for what cannot be read.
    """
    session.run(_BEGIN.format(lock=lock_timeout))
    try:
        if session.version >= 170_000:
            session.run("SET LOCAL transaction_timeout = 0")
        snapshot = str(session.value("SELECT pg_catalog.pg_export_snapshot()"))
        try:
            contents = _contents(session)
        except QueryFailed as refused:
            raise _unreadable(session, refused) from None
        yield contents, snapshot
    finally:
        session.roll_back_quietly()


def now(session: Session) -> datetime:
    """Return the present moment by the server's clock."""
    return utc(session.value("SELECT pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())"))


def system_identifier(session: Session) -> str:
    """Return what tells this cluster from any other, "" where the role may not see it."""
    return session.value(_SYSTEM_IDENTIFIER) if session.value(_MAY_IDENTIFY) else ""


def utc(seconds: float) -> datetime:
    """Return a moment that the server told in seconds since 1970.

    As a time of its own it would be spelled by the database's DateStyle, which only ISO reads.
    """
    return datetime.fromtimestamp(seconds, UTC)


def _contents(session: Session) -> Contents:
    database, version, at, extensions, roles = session.rows(_FACTS)[0]
    return Contents(
        database=database,
        host=session.target.address,
        system_identifier=system_identifier(session),
        server_version=version.partition(" ")[0],
        taken_at=utc(at),
        ledgers=tuple(_ledgers(session)),
        extensions=tuple(extensions),
        roles=tuple(roles),
        tables=rows(session),
    )


def _ledgers(session: Session) -> Iterator[LedgerHead]:
    for name in member_names(_LEDGERS):
        ledger = store.by_name(name, session.target.schema)
        if store.exists(session, ledger):
            # A table of that name that its tool never wrote is no reason to have no backup.
            with suppress(KeyError, TypeError, ValueError):
                yield _head(ledger, [row[0] for row in session.rows(ledger.select)])


def _head(ledger: Ledger, texts: Sequence[Any]) -> LedgerHead:
    known = map(ledger.to_applied, texts)
    found = [one.version for one in known if one is not None and not one.failed]
    newest = max(found, default=None)
    table = f"{ledger.schema}.{ledger.table}"
    return LedgerHead(table, newest.text if newest else None, len(found))


def rows(session: Session) -> tuple[TableRows, ...]:
    """Return the number of rows of every table whose rows a backup holds, by name."""
    known = [Table(*row) for row in session.rows(_TABLES)]
    countable = affordable(known)
    exact = [
        TableRows(name, count, exact=True)
        for start in range(0, len(countable), _AT_ONCE)
        for name, count in _count(session, countable[start : start + _AT_ONCE])
    ]
    rest = known[len(countable) :]
    guessed = [TableRows(one.name, one.estimate, exact=False) for one in rest]
    return tuple(sorted([*exact, *guessed], key=lambda one: one.table))


def affordable(known: Sequence[Table]) -> Sequence[Table]:
    """Return those, of tables sorted by size, whose rows are counted one by one."""
    total = 0
    for place, one in enumerate(known):
        total += one.size
        if one.size > COUNTED_TABLE or total > COUNTED_IN_ALL:
            return known[:place]
    return known


def _count(session: Session, tables: Sequence[Table]) -> list[tuple[str, int]]:
    counts = (_COUNT.format(table=one.name) for one in tables)
    found = session.rows(f"SELECT {', '.join(counts)}")[0]
    return [(one.name, count) for one, count in zip(tables, found, strict=True)]


def _unreadable(session: Session, refused: QueryFailed) -> Failure:
    environment, user = session.target.environment, session.connection.info.user
    if refused.sqlstate == "55P03":
        return LockBusy(
            f"{environment} was not backed up: another session holds a lock on a table that has to "
            "be read.",
            "Wait until it is done (pg_stat_activity names it), then run the command again.",
        )
    if refused.sqlstate != "42501":
        return BackupFailed(f"{environment} was not backed up: {refused.message}", refused.hint)
    return BackupFailed(
        f"{environment} was not backed up, since role {user} may not read all of it: "
        f"{refused.message}. A backup without those rows would be none.",
        f"Let it: GRANT pg_read_all_data TO {user}; and where row security hides rows, use the "
        "owner of the tables or a role with BYPASSRLS.",
    )
