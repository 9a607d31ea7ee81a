"""Backups on disk: a private folder that git ignores, and files that are whole or not there.

An archive counts once its manifest stands beside it, and the manifest is written last.
"""

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from migrate_hooks.errors import CannotWrite
from migrate_hooks.outside.files import cannot_write

FOLDER = Path(".migrate-hooks") / "backups"
ARCHIVE, MANIFEST, SCHEMA = ".dump", ".json", ".schema.json"
PART = ".part"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A file that only this process writes; `handle` is its descriptor."""

    path: Path
    handle: int


def folder(root: Path, environment: str) -> Path:
    """Return where the backups of an environment are, whether or not there is one."""
    return root / FOLDER / environment


def make_folder(root: Path, environment: str) -> Path:
    """Return that folder, made for this user's eyes only and ignored by git.

    Raises CannotWrite, also where a link leads out of the repository.
    """
    place, top = folder(root, environment), root / FOLDER
    try:
        _refuse_to_leave(root, place)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for private in (top, place):
            private.chmod(0o700)
        write(top / ".gitignore", b"*\n")  # in place of whatever a repository brought along
    except OSError as wrong:
        raise cannot_write(place, wrong) from wrong
    return place


def _refuse_to_leave(root: Path, place: Path) -> None:
    try:
        inside = place.resolve().is_relative_to(root.resolve())
    except RuntimeError:  # what resolve() calls a loop, before Python 3.13
        inside = False
    if not inside:
        raise OSError(errno.ELOOP, "a link there leads out of the repository")


def sweep(place: Path) -> None:
    """Remove what processes that are no more left unfinished in `place`."""
    for left in place.glob(f"*{PART}"):
        with suppress(OSError), left.open("rb") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


@contextmanager
def unfinished(place: Path) -> Iterator[Unfinished]:
    """Yield a new private file in `place` that is gone afterwards, unless `keep` renamed it.

    Raises CannotWrite.
    """
    path = place / f"{os.getpid()}-{os.urandom(4).hex()}{PART}"
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as wrong:
        raise cannot_write(path, wrong) from wrong
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # while it is held, no sweep takes it for a leftover
        yield Unfinished(path, handle)
    finally:
        os.close(handle)
        path.unlink(missing_ok=True)


def keep(part: Unfinished, name: str) -> Path:
    """Give an unfinished archive its name once the disk has all of it; raises CannotWrite."""
    final = part.path.with_name(f"{name}{ARCHIVE}")
    try:
        os.fsync(part.handle)
        part.path.rename(final)
        _sync_folder(final.parent)
    except OSError as wrong:
        raise cannot_write(final, wrong) from wrong
    return final


def write(file: Path, data: bytes) -> None:
    """Replace a private file by `data`, whole and on the disk; raises CannotWrite."""
    try:
        with unfinished(file.parent) as part:
            with os.fdopen(os.dup(part.handle), "wb") as opened:
                opened.write(data)
            os.fsync(part.handle)
            part.path.rename(file)
            _sync_folder(file.parent)
    except OSError as wrong:
        raise cannot_write(file, wrong) from wrong


def _sync_folder(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def digest(file: Path) -> str:
    """Return the hex SHA-256 of a file, "" when it cannot be read."""
    try:
        with file.open("rb") as opened:
            return file_digest(opened, "sha256").hexdigest()
    except OSError:
        return ""


def size(file: Path) -> int:
    """Return a file's size in bytes, -1 when it is not there."""
    try:
        return file.stat().st_size
    except OSError:
        return -1


def read(file: Path) -> bytes | None:
    """Return a file's bytes, None when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError:
        return None


def manifests(place: Path) -> tuple[Path, ...]:
    """Return the manifests in `place`, in the order of their names."""
    found = (file for file in place.glob(f"*{MANIFEST}") if not file.name.endswith(SCHEMA))
    return tuple(sorted(found))


def remove(archive: Path) -> None:
    """Remove a backup: its manifest first, so that it never counts without its archive."""
    for ending in (MANIFEST, SCHEMA, ARCHIVE):
        file = archive.with_suffix(ending)
        try:
            file.unlink(missing_ok=True)
        except OSError as wrong:
            raise CannotWrite(
                f"{file} could not be removed: {wrong.strerror}.",
                f"Check who may write to {file.parent}, then run the command again.",
            ) from wrong
