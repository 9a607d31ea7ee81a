"""A new migration's place: the first free second of the folder, in the way of its layout."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from migrate_hooks.actions import sources
from migrate_hooks.errors import Refused
from migrate_hooks.layouts.base import Layout
from migrate_hooks.lint import names
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import clock, files
from migrate_hooks.sql.split import statements

_ATTEMPTS = 60


@dataclass(frozen=True, slots=True)
class Folder:
    """The migrations folder as it is: its path from the root, its layout and its files."""

    path: str
    layout: Layout
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The path of a new migration, and sentences about what was special."""

    path: str
    notes: tuple[str, ...] = ()


def folder(settings: Settings) -> Folder:
    """Return the migrations folder; raises NoMigrationsFolder."""
    path = sources.worktree_folder(settings)
    found = tuple(one for one in files.list_files(settings.root, path) if one.endswith(".sql"))
    texts = [files.read_text(settings.root, one).text for one in found]
    return Folder(path, sources.layout_of(settings, path, texts, found), found)


def write(root: Path, place: Folder, name: str, up: str, down: str) -> Written:
    """Write a migration called `name`, newer than all others.

    Raises Refused where one of that name is already there.
    """
    refuse_twin(place, name)
    made = _write(root, place, name, place.layout.scaffold(up, down))
    _write_beside(root, place.layout, made.path, down)
    return made


def refuse_twin(place: Folder, name: str) -> None:
    """Raise Refused where a migration of that name is already there."""
    for path in place.layout.find(place.files):
        if _words(place.layout, path) == name:
            raise Refused(
                f"A migration of that name is already there: {path}.",
                "Change that file if no database has it yet, or choose a name that says what is "
                "different this time.",
            )


def _words(layout: Layout, path: str) -> str:
    version = layout.version(path)
    stem = Path(path).stem if layout.beside(path) is None else Path(path).parent.name
    return stem.removeprefix(f"{version.digits}_") if version else stem


def _write(root: Path, place: Folder, name: str, body: str) -> Written:
    """Write the file under the first free second."""
    digits, notes = next_version(place, clock.utc_now())
    for _ in range(_ATTEMPTS):
        path = f"{place.path}/{place.layout.place(f'{digits}_{name}')}"
        try:
            files.write_new(root / path, body)
        except FileExistsError:  # somebody else was quicker
            digits = names.after(digits)
        else:
            return Written(path, notes)
    raise Refused(f"{place.path} is being filled by somebody else.", "Run the command again.")


def _write_beside(root: Path, layout: Layout, path: str, down: str) -> None:
    """Write DOWN where it is a file of its own; a stated reason for having none is not one."""
    beside = layout.beside(path)
    if beside and statements(down):
        files.write_new(root / beside, f"{down}\n")


def next_version(place: Folder, now: datetime) -> tuple[str, tuple[str, ...]]:
    """Return a version that is later than the newest file's, and a sentence if it is not now."""
    digits = names.stamp(now)
    known = [one.digits for path in place.files if (one := place.layout.version(path))]
    newest = max((text for text in known if names.moment(text)), default="")
    if newest < digits:
        return digits, ()
    taken = "has this second already" if newest == digits else "is dated in the future"
    later = names.after(newest)
    file = next(path for path in place.files if f"/{newest}" in path)
    return later, (f"{file} {taken}, so the new migration takes the next one: {later}.",)
