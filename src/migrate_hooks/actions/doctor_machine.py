"""What `doctor` finds out about this machine: programs, engines, servers, and room on its disk."""

import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from shlex import quote

import migrate_hooks
from migrate_hooks import __version__
from migrate_hooks.actions import hook_ways, outcome
from migrate_hooks.actions.backup_words import spell_size
from migrate_hooks.actions.env_check import Line
from migrate_hooks.config import targets
from migrate_hooks.errors import Failure, ToolMissing
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import archives, disk, files, git, pg_tools, postgres, process

_MEASURED_SECONDS = 0.3
_PROGRAM_SECONDS = 5


def program() -> Iterator[Line]:
    """Yield what runs now, and what PATH would run."""
    here = ".".join(map(str, sys.version_info[:3]))
    place = Path(migrate_hooks.__file__).parent
    yield Line("program", "this one", f"migrate-hooks {__version__} in {place}, Python {here}")
    found = shutil.which("migrate-hooks")
    said, word = (found, "found") if found else ("migrate-hooks is not there", "none")
    yield Line("program", "PATH", said, word=word)


def engines(settings: Settings | None) -> Iterator[Line]:
    """Yield the engines that lint would use."""
    lint = settings.lint if settings else None
    yield _engine("squawk", is_wanted=lint is None or lint.safety)
    style = lint.style_engine if lint else "sqlfluff"
    if style == "sqlfluff":
        yield _library(is_wanted=lint is None or lint.style)
    else:
        yield _engine(style, is_wanted=lint is None or lint.style)


def _engine(name: str, *, is_wanted: bool) -> Line:
    """Return what a program says about its version; it is started for that."""
    if not is_wanted:
        return Line("engines", name, "switched off in the configuration", word="off")
    found = process.find(name)
    try:
        if found is None:
            raise ToolMissing(f"{name} was not found, so lint cannot use it.", _install(name))
        done = process.run([found, "--version"], timeout=_PROGRAM_SECONDS)
        if done.code != 0:
            raise ToolMissing(f"{found} does not start (code {done.code}).", _install(name))
    except Failure as failure:
        finding = outcome.finding(failure, Severity.CRITICAL)
        return Line("engines", name, "see below", finding)
    said = done.stdout.decode("utf-8", "replace").strip().rpartition(" ")[2]
    return Line("engines", name, f"{said} in {found}")


def _library(*, is_wanted: bool) -> Line:
    if not is_wanted:
        return Line("engines", "sqlfluff", "switched off in the configuration", word="off")
    try:
        said = f"{metadata.version('sqlfluff')}, a library"
        return Line("engines", "sqlfluff", said, word="found")
    except metadata.PackageNotFoundError:
        message = "sqlfluff is not installed beside migrate-hooks, so lint cannot use it."
        hint = _install("sqlfluff")
        finding = Finding(ToolMissing.code, Severity.CRITICAL, message, hint=hint)
        return Line("engines", "sqlfluff", "see below", finding)


def _install(name: str) -> str:
    package = {"squawk": "squawk-cli"}.get(name, name)
    return f"Install it beside this Python: {quote(sys.executable)} -m pip install {package}"


def servers() -> Iterator[Line]:
    """Yield the PostgreSQL servers that could be started for scratch, and the dump programs."""
    for one in {one.bin: one for one in pg_tools.installations()}.values():
        yield Line("postgresql", "server", f"{one.major} in {one.bin}", word="found")
    if not pg_tools.installations():
        message = (
            "No PostgreSQL server was found on this machine, so migrations can be replayed nowhere "
            "(drift against files, rehearsals, embedded environments)."
        )
        hint = "Install one: pip install 'migrate-hooks[embedded]'"
        finding = Finding("tool/missing", Severity.WARNING, message, hint=hint)
        yield Line("postgresql", "server", "see below", finding)
    for client in pg_tools.clients():
        yield Line("postgresql", "pg_dump", f"{client.version} in {client.bin}", word="found")
    if not pg_tools.clients():
        yield Line("postgresql", "pg_dump", "backup and restore need it", word="none")


def scratch(settings: Settings, connect_timeout: int) -> Iterator[Line]:
    """Yield whether the scratch server that the configuration names, if any, can be reached."""
    if not settings.scratch.url_env:
        return
    try:
        target = targets.scratch(settings)
        with postgres.session(target, connect_timeout=connect_timeout) as session:
            major = session.version // 10_000
            yield Line("postgresql", "scratch", f"PostgreSQL {major} at {target.address}")
    except Failure as failure:
        finding = outcome.finding(failure, Severity.WARNING)
        yield Line("postgresql", "scratch", "see below", finding, unchecked=True)


def silent_scratch(seconds: float) -> Line:
    """Return the line about a scratch server that did not answer in time."""
    message = f"The scratch server did not answer within {seconds:g} s."
    hint = "Check what the variables of scratch.url_env say, and that PostgreSQL is there."
    finding = Finding("database/unreachable", Severity.WARNING, message, hint=hint)
    return Line("postgresql", "scratch", "see below", finding, unchecked=True)


def dump_client(session: postgres.Session, name: str) -> Iterator[Line]:
    """Yield which pg_dump fits the server of an environment."""
    major = session.version // 10_000
    try:
        fit = pg_tools.client(major, tls=not targets.is_local(session.target.host))
    except ToolMissing as missing:
        place = ObjectPlace.whole(name)
        message = f"{name} cannot be backed up from here. {missing.message}"
        finding = Finding(missing.code, Severity.WARNING, message, place, missing.hint)
        yield Line(name, "pg_dump", f"none fits PostgreSQL {major}", finding)
    else:
        yield Line(name, "pg_dump", f"{fit.version} fits PostgreSQL {major}")


def rooms(start: Path) -> Iterator[Line]:
    """Yield how much our cache takes, and what was left behind by runs that were cut off."""
    cache = files.cache_folder()
    total, is_all = disk.size(cache, _MEASURED_SECONDS)
    yield Line("disk", "cache", f"{'' if is_all else 'more than '}{spell_size(total)} in {cache}")
    left = _leftovers(start, cache)
    if not left:
        yield Line("disk", "leftovers", "none among hooks, backups and caches")
    for place in left:
        message = f"{place} was left behind by a run that was cut off; nobody reads it."
        hint = f"Remove it when nothing of migrate-hooks is running: rm -r {quote(str(place))}"
        finding = Finding("disk/leftover", Severity.WARNING, message, FilePlace(str(place)), hint)
        yield Line("disk", "leftovers", str(place), finding)


def _leftovers(start: Path, cache: Path) -> list[Path]:
    """Return files that are written under another name first, and were never finished."""
    found = [*cache.glob("*/*/data.unfinished"), *cache.glob("*/*/*/data.unfinished")]
    root = git.find_root(start)
    if root is None:
        return found
    found += (root / archives.FOLDER).glob(f"*/*{archives.PART}")
    for slot in hook_ways.reachable(root):
        found += slot.folder.glob(f".{slot.event.name}.*")
    return found
