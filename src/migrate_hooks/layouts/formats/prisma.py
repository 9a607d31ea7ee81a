"""Prisma's folder: each migration is a folder with migration.sql, and perhaps down.sql, in it.

Prisma runs the whole of migration.sql, knows no DOWN, and calls a migration by its folder's name.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from migrate_hooks.layouts.base import Halves, Layout, contents, migration, normalised, script
from migrate_hooks.model.migration import Contents, Migration, Version

_UP, _DOWN = "migration.sql", "down.sql"


def _looks_like(folder: str, paths: Sequence[str], _texts: Sequence[str]) -> int:
    """Be sure of prisma/migrations; elsewhere the files' own names decide."""
    usual = f"/{folder}".endswith("/prisma/migrations")
    return 1_000 if usual or any(_version(path) for path in paths) else 0


def _version(path: str) -> Version | None:
    """Return the version of a migration.sql: its folder's whole name."""
    folder, _, file = path.rpartition("/")
    name = folder.rpartition("/")[2]
    return Version.of_name(name) if name and file == _UP else None


def _find(paths: Sequence[str]) -> tuple[str, ...]:
    found = [(number, path) for path in paths if (number := _version(path)) is not None]
    return tuple(path for _, path in sorted(found))


def _read(path: str, text: str, beside: str | None = None) -> Migration:
    version = _version(path) or Version((), PurePosixPath(path).stem)
    words = version.text.removeprefix(version.digits).removeprefix("_")
    named = (version, words or version.text)
    return migration(path, text, lambda: _contents(path, text, beside), named, beside or "")


def _contents(path: str, text: str, beside: str | None) -> Contents:
    from migrate_hooks.sql import sections
    from migrate_hooks.sql.split import statements

    lines = normalised(text)
    made = contents(Halves(statements(lines), (), sections.read(lines)))
    return made if beside is None else _with_down(made, path, normalised(beside))


def _with_down(made: Contents, path: str, text: str) -> Contents:
    """Return the contents with what the down.sql beside `path` says of itself."""
    from migrate_hooks.sql import sections
    from migrate_hooks.sql.split import statements

    found = sections.read(text)
    down = script(statements(text), no_transaction=found.no_transaction)
    return replace(
        made,
        down=replace(down, path=_beside(path)) if down.statements else None,
        irreversible=made.irreversible or found.waiver,
    )


def _scaffold(up: str, down: str) -> str:
    """Return UP alone, and the line that says why there is no DOWN; a DOWN goes beside it."""
    from migrate_hooks.sql import sections

    waivers = [line for line in down.split("\n") if sections.is_waiver(line)]
    return "\n".join([*waivers, up.strip(), ""])


def _beside(path: str) -> str:
    return str(PurePosixPath(path).with_name(_DOWN))


LAYOUT = Layout(
    name="prisma",
    folders=("prisma/migrations",),
    looks_like=_looks_like,
    find=_find,
    version=_version,
    read=_read,
    scaffold=_scaffold,
    ledger="prisma",
    down_required=False,
    has_down=False,
    place="{}/migration.sql".format,
    beside=_beside,
)
