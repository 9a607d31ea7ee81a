"""Read everything that is compared from one database, in one transaction that changes nothing."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from migrate_hooks.errors import QueryFailed
from migrate_hooks.model.schema import SchemaObject, Snapshot, Unchecked
from migrate_hooks.outside.postgres import Session
from migrate_hooks.registry import collect
from migrate_hooks.schema.base import ObjectKind

LOCK_SECONDS = 2
QUERY_SECONDS = 30

# Whatever would make the same definition read differently: a role, a database or a user's own
# configuration may have set it. JIT would cost more than the queries.
_BEGIN = """
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SET LOCAL search_path = '';
SET LOCAL lock_timeout = '{lock}s';
SET LOCAL statement_timeout = '{query}s';
SET LOCAL quote_all_identifiers = off;
SET LOCAL standard_conforming_strings = on;
SET LOCAL timezone = 'UTC';
SET LOCAL datestyle = 'ISO, YMD';
SET LOCAL intervalstyle = 'postgres';
SET LOCAL bytea_output = 'hex';
SET LOCAL extra_float_digits = 1;
SET LOCAL jit = off;
SAVEPOINT one_kind
"""

# Once a lock was waited for, the kinds that need it are few and known: no kind waits as long again.
_ONE_BY_ONE = "ROLLBACK TO one_kind; SET LOCAL lock_timeout = '200ms'; SAVEPOINT one_kind"

_REASONS = {
    "55P03": "another session holds a lock on something that has to be read",
    "57014": "reading it took too long",
}

Table = tuple[tuple[str, ...], list[tuple[Any, ...]]]


def kinds() -> tuple[ObjectKind, ...]:
    """Return every kind there is, by module name."""
    return tuple(collect("migrate_hooks.schema.kinds", "KIND", ObjectKind).values())


def take(session: Session, environment: str, seconds: int = QUERY_SECONDS) -> Snapshot:
    """Read all objects; a kind that cannot be read is listed as unchecked, with the reason.

    No query may run longer than `seconds`, and nothing new is asked after twice that time.
    Raises ConnectionLost.
    """
    readable = tuple(kind for kind in kinds() if kind.min_server <= session.version)
    session.run(_BEGIN.format(lock=min(LOCK_SECONDS, seconds), query=seconds))
    try:
        return _read(session, environment, readable, time.monotonic() + 2 * seconds)
    finally:
        session.roll_back_quietly()


def address(session: Session) -> tuple[str, ...]:
    """Return what two sessions share only when they see the same database of the same server.

    The start time tells servers apart that a physical copy gave one system identifier; neither
    value needs a privilege.
    """
    row = session.rows(
        "SELECT pg_catalog.date_part('epoch', pg_catalog.pg_postmaster_start_time()), d.oid"
        " FROM pg_catalog.pg_database AS d"
        " WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()"
    )[0]
    return tuple(map(str, row))


def _read(
    session: Session, environment: str, readable: Sequence[ObjectKind], deadline: float
) -> Snapshot:
    try:
        tables = session.tables(";\n".join(kind.query for kind in readable))
    except QueryFailed:
        return _read_one_by_one(session, environment, readable, deadline)
    pairs = zip(readable, tables, strict=True)
    return Snapshot(environment, tuple(each for pair in pairs for each in _objects(*pair)))


def _read_one_by_one(
    session: Session, environment: str, readable: Sequence[ObjectKind], deadline: float
) -> Snapshot:
    session.run(_ONE_BY_ONE)
    objects: list[SchemaObject] = []
    unchecked: list[Unchecked] = []
    for kind in readable:
        if time.monotonic() > deadline:
            unchecked.append(Unchecked(environment, kind.name, "there was no time left for it"))
            continue
        try:
            objects.extend(_objects(kind, session.tables(kind.query)[0]))
        except QueryFailed as wrong:
            session.run("ROLLBACK TO one_kind")
            reason = _REASONS.get(wrong.sqlstate, wrong.message)
            unchecked.append(Unchecked(environment, kind.name, reason))
    return Snapshot(environment, tuple(objects), tuple(unchecked))


def _objects(kind: ObjectKind, table: Table) -> Iterator[SchemaObject]:
    names, rows = table
    size = len(kind.identity)
    owner = [names.index(name) for name in kind.table or ()]
    attributes = [
        (place, name)
        for place, name in enumerate(names)
        if place >= size and name not in (kind.table or ())
    ]
    for row in rows:
        yield SchemaObject(
            kind.name,
            tuple(part for part in row[:size] if part is not None),
            tuple((name, row[place]) for place, name in attributes),
            _owner(row, owner),
        )


def _owner(row: tuple[Any, ...], places: Sequence[int]) -> tuple[str, str] | None:
    if not places or row[places[0]] is None:
        return None
    return (row[places[0]], row[places[1]])
