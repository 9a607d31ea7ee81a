"""What a check of a live database is, and how all of them are run: reading, briefly, in one go."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migrate_hooks.errors import QueryFailed
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.outside.postgres import Session
from migrate_hooks.registry import collect
from migrate_hooks.sql.forms import quoted

LOCK_SECONDS = 2
QUERY_SECONDS = 10

Row = Mapping[str, Any]

_BEGIN = f"""
BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY;
SET LOCAL search_path = '';
SET LOCAL lock_timeout = '{LOCK_SECONDS}s';
SET LOCAL statement_timeout = '{QUERY_SECONDS}s';
SET LOCAL jit = off;
SAVEPOINT one_check
"""
_NEXT = "ROLLBACK TO one_check; SET LOCAL lock_timeout = '200ms'; SAVEPOINT one_check"
_REASONS = {
    "55P03": "another session holds a lock on something that has to be read",
    "57014": "reading it took too long",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a check has to know beside its rows.

    `role` is who asks, as SQL spells it. `exposed` are the schemas that an API opens to strangers;
    `is_exposed` tells that this project says so itself, and not only our default. `is_touched`
    tells whether a migration has to do with a table, given as schema and name; it may take a while,
    so only what is wrong asks.
    """

    environment: str
    role: str
    exposed: tuple[str, ...]
    is_exposed: bool
    is_touched: Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that this role may not see: what it is, and the GRANT that would show it."""

    what: str
    hint: str


Judgement = Finding | Unread | None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that may be wrong with a database.

    `good` is the sentence for a database where it is not. `query` returns one row for each object
    that may be at fault, and `judge` says what a row means.
    """

    name: str
    good: str
    query: str
    judge: Callable[[Row, Surroundings], Judgement]

    @property
    def code(self) -> str:
        """The stable name for programs."""
        return code(self.name)


@dataclass(frozen=True, slots=True)
class Examined:
    """What one check found, and why it could not see everything, if so: a reason and a hint."""

    check: Check
    findings: tuple[Finding, ...] = ()
    unread: tuple[Unread, ...] = ()


def code(name: str) -> str:
    """Return the stable code of a check or a finding of that name."""
    return f"verify/{name}"


def finding(
    name: str,
    severity: Severity,
    message: str,
    place: tuple[str, str, str],
    hint: str,
) -> Finding:
    """Return a finding; `place` is environment, kind of object and its printable identity."""
    return Finding(code(name), severity, message, ObjectPlace(*place), hint)


def spelled(*parts: str) -> str:
    """Return a name as it can be typed: its parts quoted where SQL needs that."""
    return ".".join(map(quoted, parts))


def checks() -> tuple[Check, ...]:
    """Return every check there is, by module name."""
    return tuple(collect("migrate_hooks.schema.checks", "CHECK", Check).values())


def examine(session: Session, around: Surroundings) -> tuple[Examined, ...]:
    """Run every check; one that cannot be read says so and keeps no other from being run.

    Raises ConnectionLost.
    """
    wanted = checks()
    session.run(_BEGIN)
    try:
        return tuple(
            _judged(check, found, around)
            for check, found in zip(wanted, _read(session, wanted), strict=True)
        )
    finally:
        session.roll_back_quietly()


def _read(session: Session, wanted: Sequence[Check]) -> list[list[Row] | Unread]:
    try:
        tables = session.tables(";\n".join(check.query for check in wanted))
    except QueryFailed:
        return [_alone(session, check) for check in wanted]
    return [_rows(*table) for table in tables]


def _alone(session: Session, check: Check) -> list[Row] | Unread:
    session.run(_NEXT)
    try:
        return _rows(*session.tables(check.query)[0])
    except QueryFailed as wrong:
        return Unread(_REASONS.get(wrong.sqlstate, wrong.message), wrong.hint)


def _rows(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> list[Row]:
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _judged(check: Check, found: list[Row] | Unread, around: Surroundings) -> Examined:
    if isinstance(found, Unread):
        return Examined(check, unread=(found,))
    said = list(_said(check, found, around))
    return Examined(
        check,
        tuple(one for one in said if isinstance(one, Finding)),
        tuple(dict.fromkeys(one for one in said if isinstance(one, Unread))),
    )


def _said(check: Check, rows: Sequence[Row], around: Surroundings) -> Iterator[Finding | Unread]:
    for row in rows:
        one = check.judge(row, around)
        if one is not None:
            yield one
