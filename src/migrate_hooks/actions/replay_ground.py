"""Where migrations are replayed: an installation here that fits the target, or a named server."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.replay import ENVIRONMENT, Piece, Setup
from migrate_hooks.actions.sources import Source
from migrate_hooks.config import targets
from migrate_hooks.errors import ConfigProblem, ReplayFailed
from migrate_hooks.layouts.base import normalised, script
from migrate_hooks.model.environment import Target
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files, shelf
from migrate_hooks.schema.snapshot import Reading
from migrate_hooks.sql.split import statements

if TYPE_CHECKING:
    from migrate_hooks.outside.grounds import Ground

T = TypeVar("T")

SUPABASE = "supabase"
NONE = "none"
_NEWEST = 99
"""A major version of PostgreSQL that no installation reaches: the newest one fits it best."""

_PRELUDES = Path(files.__file__).parent / "preludes"
_MADE = re.compile(r'\bcreate\s+extension\s+(?:if\s+not\s+exists\s+)?"?([\w-]+)', re.I)
_PATHS = {SUPABASE: '"$user", public, extensions'}


def on_first_that_fits(
    settings: Settings, source: Source, seen: Seen, work: Callable[[Setup], T]
) -> T:
    """Return what `work` makes of the best place there is for what was `seen`.

    Where that lacks an extension, of the next one. Raises what `work` raises, ToolMissing,
    ConfigProblem, MissingDsn, Unreachable.
    """
    prelude, path = _prelude(settings, source)
    lacking: ReplayFailed | None = None
    for ground in _grounds(settings, seen.major, _wanted(settings, source)):
        try:
            return work(Setup(ground, seen.worker, seen.owner, prelude, path))
        except ReplayFailed as wrong:
            # An older server fails at what a newer one can: that says nothing about the files.
            if not wrong.extension and not (lacking and ground.major < seen.major):
                raise
            lacking = lacking or wrong
    raise lacking or AssertionError("there is always a place")


def nobody(settings: Settings) -> Seen:
    """Return what stands for an environment where there is none: migrations run as postgres."""
    target = Target(ENVIRONMENT, "", {}, None, "", "", "", "")
    major = settings.server_version or _NEWEST
    return Seen(target, (), major, "postgres", "postgres", Reading(ENVIRONMENT, frozenset()))


def is_provided(setup: Setup) -> bool:
    """Return whether the prelude is that of a provider, which does things there by itself."""
    return any(piece.label.endswith(SUPABASE) for piece in setup.prelude)


def _wanted(settings: Settings, source: Source) -> frozenset[str]:
    """Return the extensions that files seem to make, to begin where all of them are."""
    key = shelf.key("extensions", *(one.sha256 for one in source.migrations))
    known = shelf.find([key]).get(key)
    if known is not None:
        return frozenset(known.split())
    texts = files.read_texts(settings.root, [one.path for one in source.migrations])
    found = frozenset(made[1].lower() for one in texts for made in _MADE.finditer(one.text))
    shelf.keep({key: " ".join(sorted(found))})
    return found


def _grounds(settings: Settings, major: int, extensions: frozenset[str]) -> "tuple[Ground, ...]":
    from migrate_hooks.outside import grounds, pg_tools

    if settings.scratch.url_env:
        return (grounds.elsewhere(targets.scratch(settings)),)
    found = grounds.grounds(major, os.environ.get(pg_tools.BINDIR_VARIABLE))
    return tuple(sorted(found, key=lambda one: grounds.lacks(one, extensions)))


def _prelude(settings: Settings, source: Source) -> tuple[tuple[Piece, ...], str]:
    """Return what is run before the first migration, and the search path of the database."""
    wanted = settings.scratch.prelude or _usual(settings, source)
    built_in = [name for name in wanted if name in _PATHS]
    path = _PATHS[built_in[0]] if built_in else ""
    return tuple(_pieces(settings, [name for name in wanted if name != NONE])), path


def _usual(settings: Settings, source: Source) -> tuple[str, ...]:
    at_home = (settings.base / "supabase" / "config.toml").is_file()
    return (SUPABASE,) if at_home or source.layout.name == SUPABASE else ()


def _pieces(settings: Settings, names: list[str]) -> Iterator[Piece]:
    for name in names:
        if name in _PATHS:
            text = (_PRELUDES / f"{name}.sql").read_text("utf-8")
            yield Piece(f"The prelude of {name}", script(statements(text), no_transaction=False))
        else:
            found = files.read_text(settings.root, name)
            if found.problem:
                raise ConfigProblem(
                    f"scratch.prelude names {name}, which {found.problem}.",
                    "Correct scratch.prelude in migrate-hooks.toml: files of SQL, relative to it.",
                )
            parts = statements(normalised(found.text))
            yield Piece(name, script(parts, no_transaction=False))
