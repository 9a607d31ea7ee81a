"""Read everything that is compared from one database, in one transaction that changes nothing."""

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache

from migrate_hooks.errors import QueryFailed
from migrate_hooks.model.schema import SchemaObject, Snapshot, Unchecked
from migrate_hooks.outside.postgres import Session
from migrate_hooks.registry import collect
from migrate_hooks.schema import busy, rows, unmodelled, views
from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import SCOPE

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
_ONE_BY_ONE = "SET LOCAL lock_timeout = '200ms'; SAVEPOINT one_kind"

_LOCKED = "55P03"
_REASONS = {
    _LOCKED: "another session holds a lock on something that has to be read",
    "57014": "reading it took too long",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one environment, as the server wrote it: lines of `rows.statement`.

    `unmodelled` are (kind, how many) of objects that are there and are never compared. `version` is
    the server's, such as 180004, or 0. `unasked` are (kind, attribute) that whoever read it did not
    know, or that are not known any more.
    """

    environment: str
    lines: frozenset[bytes]
    unchecked: tuple[Unchecked, ...] = ()
    unmodelled: tuple[tuple[str, int], ...] = ()
    version: int = 0
    unasked: tuple[tuple[str, str], ...] = ()


@cache
def kinds() -> tuple[ObjectKind, ...]:
    """Return every kind there is, by module name."""
    return tuple(collect("migrate_hooks.schema.kinds", "KIND", ObjectKind).values())


def take(session: Session, environment: str, seconds: int = QUERY_SECONDS) -> Snapshot:
    """Read all objects; as `read`, with every line taken apart."""
    return whole(read(session, environment, seconds))


def whole(reading: Reading) -> Snapshot:
    """Return everything that was read, taken apart."""
    return _of(reading)


def apart(here: Reading, there: Reading) -> tuple[Snapshot, Snapshot]:
    """Return snapshots of only those objects that are not the same in both readings.

    To compare these finds what comparing everything finds, and most lines need not be taken apart.
    An attribute that only one of them asked for is left out of both.
    """
    unasked = frozenset((*here.unasked, *there.unasked))
    one, other = _of(here, there.lines), _of(there, here.lines)
    return (_without(one, unasked), _without(other, unasked)) if unasked else (one, other)


def _without(snapshot: Snapshot, unasked: Collection[tuple[str, str]]) -> Snapshot:
    return replace(snapshot, objects=tuple(_known(one, unasked) for one in snapshot.objects))


def _known(one: SchemaObject, unasked: Collection[tuple[str, str]]) -> SchemaObject:
    left = tuple(pair for pair in one.attributes if (one.kind, pair[0]) not in unasked)
    return replace(one, attributes=left)


def counts(reading: Reading) -> Counter[str]:
    """Return how many objects of each kind were read."""
    return Counter({kinds()[place].name: count for place, count in rows.counts(reading.lines)})


def read(session: Session, environment: str, seconds: int = QUERY_SECONDS) -> Reading:
    """Read all objects; a kind that cannot be read is listed as unchecked, with the reason.

    No query may run longer than `seconds`, and nothing new is asked after twice that time.
    Raises ConnectionLost.
    """
    session.run(_BEGIN.format(lock=min(LOCK_SECONDS, seconds), query=seconds))
    try:
        found = _read(session, environment, time.monotonic() + 2 * seconds)
        counted = session.rows(f"{SCOPE}{unmodelled.QUERY}")
        left_out = tuple((kind, int(count)) for kind, count in counted)
        return replace(found, unmodelled=left_out, version=session.version)
    finally:
        session.roll_back_quietly()


def _of(reading: Reading, without: Collection[bytes] = ()) -> Snapshot:
    lines = reading.lines.difference(without)
    found = tuple(rows.objects(lines, kinds()))
    if 0 < reading.version < views.UNQUALIFIED_SINCE:
        found = tuple(map(views.modern, found))
    return Snapshot(reading.environment, found, reading.unchecked, reading.unmodelled)


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


def _read(session: Session, environment: str, deadline: float) -> Reading:
    everything = dict(enumerate(kinds()))
    try:
        there = {int(number) for (number,) in session.rows(rows.presence(everything))}
        lines = _lines(session, {number: everything[number] for number in sorted(there)})
        return Reading(environment, frozenset(lines))
    except QueryFailed:
        session.run("ROLLBACK TO one_kind")
        return _read_one_by_one(session, environment, deadline)


def _read_one_by_one(session: Session, environment: str, deadline: float) -> Reading:
    session.run(_ONE_BY_ONE)
    barred = busy.locked(session)
    lines: list[bytes] = []
    unchecked: list[Unchecked] = []
    for number, kind in enumerate(kinds()):
        if time.monotonic() > deadline:
            unchecked.append(Unchecked(environment, kind.name, "there was no time left for it"))
            continue
        try:
            lines.extend(_lines(session, {number: kind}))
        except QueryFailed as wrong:
            found, tables = _without_locked(session, {number: kind}, wrong, barred)
            lines.extend(found)
            reason = _REASONS.get(wrong.sqlstate, wrong.message)
            unchecked.append(Unchecked(environment, kind.name, reason, tables))
    return Reading(environment, frozenset(lines), tuple(unchecked))


def _without_locked(
    session: Session,
    kind: Mapping[int, ObjectKind],
    wrong: QueryFailed,
    barred: tuple[busy.Locked, ...],
) -> tuple[list[bytes], tuple[tuple[str, str], ...]]:
    """Read what is left of a kind without what is locked; return lines, and whose are missing."""
    (name,) = (one.name for one in kind.values())
    tables = busy.of_kind(name, barred)
    if wrong.sqlstate != _LOCKED or not tables:
        return [], ()
    try:
        return _lines(session, kind, tuple(one.oid for one in barred)), tables
    except QueryFailed:
        return [], ()


def _lines(
    session: Session, wanted: Mapping[int, ObjectKind], without: Collection[int] = ()
) -> list[bytes]:
    """Read objects of some kinds; the transaction goes on where that fails."""
    try:
        return session.lines(rows.statement(wanted, session.version, without))
    except QueryFailed:
        session.run("ROLLBACK TO one_kind")
        raise
