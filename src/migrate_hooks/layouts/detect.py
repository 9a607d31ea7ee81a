"""Which layout a folder has: what the configuration says, else what its files look like."""

from collections.abc import Sequence
from functools import cache
from pathlib import PurePosixPath

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.layouts.base import Layout
from migrate_hooks.registry import collect

SAMPLE = 20
"""How many of a folder's newest files are enough to know it."""


def layouts() -> dict[str, Layout]:
    """Return every layout by its name."""
    return collect("migrate_hooks.layouts.formats", "LAYOUT", Layout)


def by_name(name: str) -> Layout:
    """Return the layout of that name; raises ConfigProblem with the known ones."""
    known = layouts()
    if name in known:
        return known[name]
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    guess = f" Did you mean {near[0]}?" if near else ""
    raise ConfigProblem(
        f"There is no layout {name!r}.{guess}", f"Known layouts: {', '.join(known)}."
    )


def candidate_folders() -> tuple[str, ...]:
    """Return where migrations usually are, most telling first: with their tool's name in front."""
    known = layouts()
    folders = (folder for name in reversed(known) for folder in known[name].folders)
    return tuple(sorted(folders, key=lambda folder: folder.partition("/")[0] not in known))


def is_at_home(path: str, folder: str) -> bool:
    """Return whether a file stands where migrations of `folder` do: in it, or in a folder below.

    The latter only under the name that a layout gives to the file of a migration's own folder.
    """
    place = PurePosixPath(path)
    return str(place.parent) == folder or (
        str(place.parent.parent) == folder and place.name in _names_inside()
    )


@cache
def _names_inside() -> frozenset[str]:
    places = (PurePosixPath(layout.place("x")) for layout in layouts().values())
    return frozenset(place.name for place in places if len(place.parts) > 1)


def by_content(folder: str, texts: Sequence[str], paths: Sequence[str] = ()) -> Layout:
    """Return the layout that a folder, the paths and texts of its files, look most like."""
    return max(layouts().values(), key=lambda layout: layout.looks_like(folder, paths, texts))
