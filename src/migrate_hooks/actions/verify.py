"""`verify`: whether an environment is in good health, check by check, without changing anything."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from migrate_hooks.actions import outcome, sources, whereabouts
from migrate_hooks.actions.sources import Source
from migrate_hooks.config import targets
from migrate_hooks.errors import (
    ConnectionLost,
    Failure,
    LedgerMismatch,
    LedgerUnreadable,
    QueryFailed,
    TooOldServer,
    Unreachable,
)
from migrate_hooks.history import guard, soundness
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.ledgers import choose, own_tables, store
from migrate_hooks.ledgers.base import quoted
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Entry
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import postgres
from migrate_hooks.outside.postgres import Session
from migrate_hooks.schema import health
from migrate_hooks.schema.health import Surroundings, Unread

_SILENT = (Unreachable, ConnectionLost, TooOldServer)


@dataclass(frozen=True, slots=True)
class Line:
    """One check: its code, what is the case if nothing was found, what was, what was not seen."""

    code: str
    good: str
    findings: tuple[Finding, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """All checks of one environment, and where its migrations stand."""

    environment: str
    lines: tuple[Line, ...]
    entries: tuple[Entry, ...] = ()
    place: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What all checks found, and what they could not see."""
        found = (one for line in self.lines for one in line.findings)
        return (
            *found,
            *(_not_checked(self.environment, line) for line in self.lines if line.unread),
        )

    @property
    def is_whole(self) -> bool:
        """Whether every check saw what it had to see."""
        return not any(line.unread for line in self.lines)


def run(settings: Settings, environment: str, *, expect_current: bool) -> Report:
    """Return the report of every check; a database that cannot be asked is NOT CHECKED.

    `expect_current` makes a pending migration critical. Raises UnknownEnvironment, MissingDsn,
    NoMigrationsFolder.
    """
    wanted = targets.environment(settings, environment)
    source = sources.from_worktree(settings)
    target = targets.target(settings, wanted.name)
    try:
        with postgres.session(target) as session:
            found = examine(settings, wanted, source, session, expect_current=expect_current)
    except _SILENT as failure:
        return _unreachable(wanted.name, failure)
    return report("verify", found)


def report(action: str, found: Examination) -> Report:
    """Return an examination as a report."""
    ending, code = outcome.of(found.findings, unchecked=not found.is_whole)
    return Report(
        action,
        ending,
        code,
        found.environment,
        findings=found.findings,
        listings=(_listing(found.lines),),
        notes=tuple(_notes(found)),
    )


def examine(
    settings: Settings,
    environment: Environment,
    source: Source,
    session: Session,
    *,
    expect_current: bool = False,
) -> Examination:
    """Run every check over an open session. Raises ConnectionLost."""
    target = session.target
    entries, ledger = _ledger(settings, environment.name, source, session, expect_current)
    role = quoted(str(session.value("SELECT CURRENT_USER")))
    around = Surroundings(
        environment.name,
        role,
        settings.exposed_schemas,
        _is_exposed(settings, source),
        _touched(source.migrations),
    )
    catalog = (
        Line(one.check.code, one.check.good, one.findings, one.unread)
        for one in health.examine(session, around)
    )
    place = f"{target.address}/{target.database}, from {target.source}"
    lines = (_connection(), ledger, *_books(environment, session, role), *catalog)
    return Examination(environment.name, lines, entries, place)


def _connection() -> Line:
    return Line("verify/connection", "the database answers")


def _ledger(
    settings: Settings, name: str, source: Source, session: Session, expect_current: bool
) -> tuple[tuple[Entry, ...], Line]:
    empty = Line("verify/ledger", "ledger and files agree")
    files = (*source.problems, *guard.duplicates(source.migrations))
    try:
        rows = store.read(session, choose.ledger(session, source.ledger))
    except LedgerUnreadable as failure:
        return (), replace(empty, findings=files, unread=(_unseen(failure),))
    except LedgerMismatch as failure:
        place = ObjectPlace.whole(name)
        wrong = health.finding(
            "ledger",
            Severity.CRITICAL,
            failure.message,
            (place.environment, place.kind, name),
            failure.hint,
        )
        return (), replace(empty, findings=(*files, wrong))
    found = reconcile(name, source.migrations, rows)
    entries = whereabouts.locate(settings.root, found)
    said = soundness.of_ledger(entries, expect_current=expect_current)
    count = soundness.waiting(entries)
    good = f"{empty.good}; {count} pending" if count else empty.good
    return entries, replace(empty, good=good, findings=(*files, *said))


def _unseen(failure: Failure) -> Unread:
    return Unread(failure.message.removesuffix("."), failure.hint)


def _books(environment: Environment, session: Session, role: str) -> Iterator[Line]:
    identity = Line("verify/identity", f"the database is recorded as {environment.name}")
    progress = Line("verify/progress", "no migration stopped halfway")
    try:
        books = own_tables.read(session)
    except QueryFailed as failure:
        seen = (_unseen(failure),)
        yield from (replace(identity, unread=seen), replace(progress, unread=seen))
        return
    if books.recorded is None:
        identity = replace(identity, good="nothing is recorded yet; the first apply does that")
    wrong = soundness.of_identity(environment, books)
    yield replace(identity, findings=wrong, unread=_denied("identity", books.denied, role))
    begun = soundness.of_progress(environment.name, books.unfinished)
    yield replace(progress, findings=begun, unread=_denied("progress", books.denied, role))


def _denied(table: str, denied: Sequence[str], role: str) -> tuple[Unread, ...]:
    if table not in denied:
        return ()
    grant = (
        f"GRANT USAGE ON SCHEMA migrate_hooks TO {role}; "
        f"GRANT SELECT ON migrate_hooks.{table} TO {role};"
    )
    return (Unread(f"migrate_hooks.{table} may not be read by this role", f"Grant it: {grant}"),)


def _is_exposed(settings: Settings, source: Source) -> bool:
    """Return whether this project opens its schemas: it says so, or it is one of Supabase."""
    said = (where for key, _, where in settings.origins if key == "exposed_schemas")
    return source.layout.name == "supabase" or any(where != "default" for where in said)


def _touched(migrations: Sequence[Migration]) -> Callable[[str, str], bool]:
    @cache
    def names() -> frozenset[tuple[str, str]]:
        from migrate_hooks.sql import parse

        read = (parse.names(one.up.text) for one in migrations)
        return frozenset(
            (schema, name)
            for each in read
            if each
            for kind, schema, name in each.created | each.touched
            if kind == "table"
        )

    return lambda schema, name: bool({(schema, name), ("", name)} & names())


def _not_checked(environment: str, line: Line) -> Finding:
    what = "; ".join(one.what for one in line.unread)
    hints = dict.fromkeys(one.hint for one in line.unread if one.hint)
    return Finding(
        "verify/not-checked",
        Severity.WARNING,
        f"{line.code} was not checked whole: {what}.",
        ObjectPlace.whole(environment),
        " ".join(hints),
    )


def _listing(lines: Sequence[Line]) -> Listing:
    rows = tuple((line.code, *_result(line)) for line in lines)
    return Listing("Checks", ("check", "result", "what"), rows)


def _result(line: Line) -> tuple[str, str]:
    counts = [
        f"{count} {severity.value}"
        for severity in (Severity.CRITICAL, Severity.WARNING)
        if (count := sum(one.severity is severity for one in line.findings))
    ]
    if line.unread:
        return ", ".join(["not checked", *counts]), line.unread[0].what
    return (", ".join(counts), "see below") if counts else ("ok", line.good)


def _notes(found: Examination) -> Iterator[str]:
    yield f"{found.environment} is {found.place}"
    count = soundness.waiting(found.entries)
    if count:
        yield (
            f"{count} pending on {found.environment}: "
            f"migrate-hooks apply --env={found.environment} --dry-run"
        )


def _unreachable(environment: str, failure: Failure) -> Report:
    """Return the report of a database that did not answer: no check of it is clean."""
    names = ("connection", "ledger", "identity", "progress", *(one.name for one in health.checks()))
    rows = tuple((health.code(name), "not checked", "the database was not asked") for name in names)
    finding = outcome.not_checked(environment, failure)
    ending, code = outcome.of((finding,), unchecked=True)
    return Report(
        "verify",
        ending,
        code,
        environment,
        findings=(finding,),
        listings=(Listing("Checks", ("check", "result", "what"), rows),),
    )
