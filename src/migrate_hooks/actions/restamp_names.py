"""The old names of moved migrations where other files mention them: written anew, or told."""

import re
import stat
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.actions import fix_files
from migrate_hooks.outside import files, git_search


@dataclass(frozen=True, slots=True)
class Edit:
    """One file whose mentions are written anew; `path` is where it stands after all moves."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Mentions:
    """What can be written anew, and "path:line" of what has to stay as it is."""

    edits: tuple[Edit, ...] = ()
    left: tuple[str, ...] = ()


def find(
    root: Path, names: Mapping[str, str], moved: Mapping[str, str], released: Collection[str]
) -> Mentions:
    """Return where tracked files mention old names; `names` and `moved` are {old: new}.

    `released` files must keep their text, and so must what is half staged, linked or no text.
    """
    hits = git_search.fixed(root, sorted(names))
    places = dict.fromkeys(hit.rpartition(":")[0] for hit in hits)
    locked = fix_files.locked(root, places, released, "")
    edits = [
        edit
        for path in places
        if path not in locked and (edit := _edit(root, path, moved.get(path, path), names))
    ]
    known = {edit.path for edit in edits}
    left = [hit for hit in hits if moved.get(path := hit.rpartition(":")[0], path) not in known]
    return Mentions(tuple(edits), tuple(left))


def _edit(root: Path, path: str, new: str, names: Mapping[str, str]) -> Edit | None:
    try:
        before = (root / path).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    # A name may be the beginning of a longer one.
    old = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, names))})(?!\w)")
    after = old.sub(lambda found: names[found[0]], before)
    return Edit(new, before, after) if after != before else None


def carry_out(root: Path, edits: Sequence[Edit]) -> None:
    """Write every file anew, or none; raises CannotWrite."""
    done: list[Edit] = []
    try:
        for one in edits:
            _write(root / one.path, one.after)
            done.append(one)
    except BaseException:
        for one in reversed(done):
            _write(root / one.path, one.before)
        raise


def _write(place: Path, text: str) -> None:
    files.write_atomically(place, text, stat.S_IMODE(place.stat().st_mode))
