"""Where the text of a migration comes from: the disk, a commit, or the index."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from migrate_hooks.outside import files, git
from migrate_hooks.outside.files import FileText

Reader = Callable[[Iterable[str]], Mapping[str, FileText]]
"""From paths, relative to the repository's root, to their texts."""


def disk(root: Path) -> Reader:
    """Return what reads files as they stand in the working tree."""

    def read(paths: Iterable[str]) -> dict[str, FileText]:
        return {path: _from_disk(root, path) for path in paths}

    return read


def _from_disk(root: Path, path: str) -> FileText:
    place = Path(path)
    if place.is_absolute():  # named by hand, outside of the repository
        found = files.read_text(place.parent, place.name)
        return FileText(path, found.text, found.problem)
    return files.read_text(root, path)


def blobs(root: Path, tree: str = "") -> Reader:
    """Return what reads from a commit, or from the index that git uses for the present commit."""

    def read(paths: Iterable[str]) -> dict[str, FileText]:
        wanted = tuple(paths)
        found = git.read_blobs(root, (f"{tree}:{path}" for path in wanted))
        return {path: _from_blob(root, tree, path, found[f"{tree}:{path}"]) for path in wanted}

    return read


def _from_blob(root: Path, tree: str, path: str, blob: bytes | None) -> FileText:
    # git follows links of a commit itself; of the index it hands out where one leads to, a text
    # without a line's end.
    if not tree and blob is not None and b"\n" not in blob:
        target = git.link(root, "", path)
        blob = _linked(root, target) if target else blob
    if blob is None:
        return FileText(path, "", "is a link that leads to no file of the repository")
    return files.decode(path, blob)


def _linked(root: Path, target: str) -> bytes | None:
    """Return what a link of the index leads to; one to another link leads nowhere."""
    if target.startswith(("..", "/")) or git.link(root, "", target):
        return None
    return git.read_blobs(root, [f":{target}"])[f":{target}"]
