"""Which files on disk may be mended, and writing what became of them."""

import stat
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from migrate_hooks.actions.fix_tree import Tree
from migrate_hooks.errors import CannotWrite
from migrate_hooks.outside import files, git, git_changes


def locked(
    root: Path, paths: Iterable[str], released: Collection[str], target: str
) -> dict[str, str]:
    """Return {path: why it must not be touched} for those of `paths` that must not."""
    partly = git_changes.partly_staged(root)
    there = f"on {target} already" if target else "released"
    reasons = ((path, _reason(root, path, partly, released, there)) for path in paths)
    return {path: reason for path, reason in reasons if reason}


def _reason(
    root: Path, path: str, partly: frozenset[str], released: Collection[str], there: str
) -> str:
    if path in released:
        return f"is {there}: databases have it as it is"
    if path in partly:
        return "has staged changes and others that are not staged"
    if Path(path).is_absolute():
        return "lies outside of the repository"
    mode = (root / path).lstat().st_mode
    if stat.S_ISLNK(mode):
        return "is a link"
    return "" if mode & stat.S_IWUSR else "is read-only"


def write(root: Path, tree: Tree, before: Mapping[str, str]) -> None:
    """Bring the disk to what the tree says; `before` are the texts that stand there, by path.

    New files first, then what loses statements to them, then names, the latest first so that no
    name is taken: whoever is interrupted has every statement, and every file whole.
    Raises CannotWrite and GitProblem.
    """
    for path, text in tree.texts.items():
        if tree.origins[path] is None:
            _create(root / path, text)
    for path, text in tree.texts.items():
        origin = tree.origins[path]
        if origin is not None and text != before[origin]:
            mode = stat.S_IMODE((root / origin).stat().st_mode)
            files.write_atomically(root / origin, text, mode)
    for path in sorted(tree.texts, reverse=True):
        origin = tree.origins[path]
        if origin is not None and origin != path:
            _rename(root, origin, path)


def _create(place: Path, text: str) -> None:
    place.parent.mkdir(exist_ok=True)  # where each migration is a folder
    try:
        files.write_new(place, text)
    except FileExistsError:
        raise _taken(place) from None


def _rename(root: Path, old: str, new: str) -> None:
    if (root / new).exists():
        raise _taken(root / new)
    if git.find_root(root) is not None and git.is_tracked(root, old):
        git_changes.move(root, old, new)
    else:
        (root / old).rename(root / new)


def _taken(place: Path) -> CannotWrite:
    return CannotWrite(
        f"{place} was made by somebody else in the meantime.", "Run the command again."
    )
