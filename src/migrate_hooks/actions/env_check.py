"""`env check`: everything that must be right before a database is touched, one line each."""

import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from migrate_hooks.actions import outcome, sources
from migrate_hooks.config import targets
from migrate_hooks.errors import (
    Failure,
    LedgerMismatch,
    LedgerUnreadable,
    ManyDatabases,
    MissingDsn,
)
from migrate_hooks.ledgers import choose, store
from migrate_hooks.model.environment import Environment, Target
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git, postgres

_ENV_FILES = ".env*"
_HARMLESS = (".example", ".sample", ".template", ".dist")
_COLUMNS = ("environment", "check", "result", "detail")


@dataclass(frozen=True, slots=True)
class Line:
    """One check of what it is `about`: an environment, "" for a file, or a part of this machine.

    `finding` is what is wrong, or None; `unchecked` when it could not be asked. `word` is said
    where nothing is wrong: "ok" is for what was tried.
    """

    about: str
    check: str
    detail: str
    finding: Finding | None = None
    unchecked: bool = False
    word: str = "ok"

    @property
    def result(self) -> str:
        """One word for it."""
        if self.unchecked:
            return "not checked"
        return str(self.finding.severity) if self.finding else self.word


Ask = Callable[[postgres.Session, str], Iterator[Line]]
"""Asks a session more about the environment of that name."""


def run(settings: Settings, names: Sequence[str]) -> Report:
    """Check the named environments (all when there are none named) and the `.env` files."""
    known = [one.name for one in settings.environments]
    wanted = [targets.environment(settings, name) for name in (names or known)]
    lines = [line for one in wanted for line in environment(settings, one)]
    lines += files(settings)
    findings = tuple(line.finding for line in lines if line.finding)
    ending, code = outcome.of(findings, unchecked=any(line.unchecked for line in lines))
    rows = tuple((one.about, one.check, one.result, one.detail) for one in lines)
    return Report(
        action="env check",
        outcome=ending,
        exit_code=code,
        findings=findings,
        listings=(Listing("Environments", _COLUMNS, rows),),
    )


def environment(
    settings: Settings, wanted: Environment, *, connect_timeout: int = 10, also: Ask | None = None
) -> Iterator[Line]:
    """Yield what is found about one environment; `also` asks more in the same session.

    `connect_timeout` in seconds.
    """
    name = wanted.name
    try:
        target, which = _target(settings, wanted)
    except (MissingDsn, ManyDatabases) as unknown:
        yield wrong(name, "dsn", unknown, unchecked=True)
        return
    except Failure as failure:
        yield wrong(name, "dsn", failure, severity=Severity.CRITICAL)
        return
    kind = f"branch {wanted.branch or '(none)'}" + (", protected" if wanted.protected else "")
    yield Line(name, "dsn", f"{target.source} -> {target.address}/{target.database} ({kind})")
    for note in (*which, *target.notes):
        yield Line(name, "dsn", note)
    try:
        with postgres.session(target, connect_timeout=connect_timeout) as session:
            yield from _server(session, name)
            yield _ledger(settings, session, name)
            yield from also(session, name) if also else ()
    except Failure as failure:
        yield wrong(name, "reachable", failure, unchecked=True)


def _target(settings: Settings, wanted: Environment) -> tuple[Target, tuple[str, ...]]:
    """Return the database to ask; of many the first one, and a sentence about that."""
    if not wanted.is_many:
        return targets.target(settings, wanted.name), ()
    from migrate_hooks.config import fleet

    first, count = fleet.first(settings, wanted)
    return first.target, (f"asked is the first of {count}: {first.environment.name}",)


def wrong(
    name: str,
    check: str,
    failure: Failure,
    severity: Severity = Severity.WARNING,
    *,
    unchecked: bool = False,
) -> Line:
    """Return the line about a check that failed or could not be made."""
    finding = outcome.finding(failure, severity, name)
    return Line(name, check, "see below", finding, unchecked)


def _server(session: postgres.Session, name: str) -> Iterator[Line]:
    version = session.value("SELECT pg_catalog.current_setting('server_version')")
    yield Line(name, "reachable", f"PostgreSQL {version}, as {_user(session)}")
    if session.encrypted:
        yield Line(name, "tls", f"encrypted, sslmode {_sslmode(session)}")
    elif targets.is_local(session.target.host):
        yield Line(name, "tls", "none; the server is on this machine")
    else:
        message = f"The connection to {name} is not encrypted: passwords and data can be read."
        hint = f"Add ?sslmode=require (better verify-full) to {session.target.source}."
        place = ObjectPlace.whole(name)
        finding = Finding("environment/no-tls", Severity.WARNING, message, place, hint)
        yield Line(name, "tls", "none", finding)


def _user(session: postgres.Session) -> str:
    return str(session.value("SELECT CURRENT_USER::text"))


def _sslmode(session: postgres.Session) -> str:
    return session.target.parameters.get("sslmode", "prefer")


def _ledger(settings: Settings, session: postgres.Session, name: str) -> Line:
    try:
        ledger = choose.ledger(session, sources.wanted_ledger(settings))
        rows = store.read(session, ledger)
    except (LedgerMismatch, LedgerUnreadable) as failure:
        return wrong(name, "ledger", failure, unchecked=True)
    if not rows and not store.exists(session, ledger):
        said = f"{ledger.place} is not there yet; the first apply creates it"
        return Line(name, "ledger", said)
    return Line(name, "ledger", f"{ledger.place}: {len(rows)} row{'' if len(rows) == 1 else 's'}")


def files(settings: Settings) -> Iterator[Line]:
    """Yield what is found about each `.env` file."""
    for file in sorted(settings.base.glob(_ENV_FILES)):
        if file.is_file() and not file.name.endswith(_HARMLESS):
            yield _file(settings, file)


def _file(settings: Settings, file: Path) -> Line:
    path = file.relative_to(settings.root).as_posix()
    if (settings.root / ".git").exists() and git.is_tracked(settings.root, path):
        finding = Finding(
            "environment/tracked-env-file",
            Severity.CRITICAL,
            f"{path} is tracked by git: whatever secret is in it is in the history for good.",
            FilePlace(path),
            f"Run git rm --cached {quote(path)}, add it to .gitignore, and change the passwords "
            "in it.",
        )
        return Line("", "file", f"{path} is tracked by git", finding)
    if file.stat().st_mode & stat.S_IROTH:
        finding = Finding(
            "environment/world-readable",
            Severity.WARNING,
            f"{path} can be read by every user of this machine.",
            FilePlace(path),
            f"Run chmod 600 {quote(path)}.",
        )
        return Line("", "file", f"{path} is readable by everybody", finding)
    return Line("", "file", f"{path}: not tracked, private")
