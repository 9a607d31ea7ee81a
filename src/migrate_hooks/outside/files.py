"""The file system: reading migration files with suspicion, writing without half-written files."""

import errno
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from shlex import quote

from migrate_hooks.errors import CannotWrite, UnreadableMigrations

CACHE_VARIABLE = "MIGRATE_HOOKS_CACHE_DIR"


def cache_folder() -> Path:
    """Return our cache folder: MIGRATE_HOOKS_CACHE_DIR, the user's cache, /var/cache for root."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    if os.geteuid() == 0:
        return Path("/var/cache/migrate-hooks")
    try:
        home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:  # a container's user may have no home
        home = Path("/nonexistent")
    return home / "migrate-hooks"


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's text, or in `problem` the one sentence that says why there is none."""

    path: str
    text: str
    problem: str = ""


def decode(path: str, data: bytes) -> FileText:
    """Return `data` as UTF-8 text; `problem` names the offset of what is not text."""
    if b"\0" in data:
        return FileText(path, "", f"is binary: byte {data.index(0)} is NUL")
    try:
        path.encode()
    except UnicodeEncodeError:
        return FileText(path, "", "has a name that is not UTF-8")
    try:
        return FileText(path, data.decode("utf-8"))
    except UnicodeDecodeError as wrong:
        line = data[: wrong.start].count(b"\n") + 1
        return FileText(path, "", f"is not UTF-8: byte 0x{data[wrong.start]:02x} in line {line}")


def read_text(root: Path, path: str) -> FileText:
    """Read `path` (relative to `root`); a link that leads out of `root` is not followed."""
    return read_texts(root, (path,))[0]


def read_texts(root: Path, paths: Iterable[str]) -> list[FileText]:
    """Read many; to find out where a path leads takes longer than to read, so once a folder."""
    inside: dict[str, bool] = {}
    found = []
    for path in paths:
        folder = path.rpartition("/")[0]
        if folder not in inside:
            inside[folder] = _stays_inside(root, folder)
        found.append(_read(root, path, in_plain_folder=inside[folder]))
    return found


def _stays_inside(root: Path, path: str) -> bool:
    try:
        return (root / path).resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError):  # a loop of links
        return False


def _read(root: Path, path: str, *, in_plain_folder: bool) -> FileText:
    place = os.path.join(root, path)  # noqa: PTH118 - a thousand Paths take long to make
    try:
        mode = os.lstat(place).st_mode
        if stat.S_ISLNK(mode) or not in_plain_folder:
            if not Path(place).resolve().is_relative_to(root.resolve()):
                return FileText(path, "", "is a link that leads out of the repository")
            mode = os.stat(place).st_mode  # noqa: PTH116
        if not stat.S_ISREG(mode):  # to read a pipe would be to wait for ever
            return FileText(path, "", "is no regular file")
        with open(place, "rb", buffering=0) as opened:  # noqa: PTH123
            return decode(path, opened.read())
    except FileNotFoundError:
        return FileText(path, "", "is not there")
    except RuntimeError:  # what resolve() calls a loop, before Python 3.13
        return FileText(path, "", f"cannot be read: {os.strerror(errno.ELOOP)}")
    except OSError as wrong:
        return FileText(path, "", f"cannot be read: {wrong.strerror}")


def list_files(root: Path, folder: str) -> tuple[str, ...]:
    """Return the paths of the files of `folder`, and one folder below it, relative to `root`.

    Those of a `folder` that lies elsewhere are absolute. Raises UnreadableMigrations when this user
    may not look into `folder`.
    """
    base = root / folder
    shown = (base.relative_to(root) if base.is_relative_to(root) else base).as_posix()
    shown = "" if shown == "." else f"{shown}/"
    try:
        os.stat(f"{base}/.")  # noqa: PTH116 - fails where names may be read, and nothing else
        here = _entries(base)
        names = (one.name for one in here if one.is_symlink() or _is_file(one))
        found = [f"{shown}{name}" for name in names]
        for below in (one for one in here if one.is_dir(follow_symlinks=False)):
            found += (f"{shown}{below.name}/{name}" for name in _files_in(below))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except OSError as wrong:
        raise UnreadableMigrations(
            f"The folder {base} cannot be read: {wrong.strerror}. What it holds is not known.",
            f"Check its permissions: ls -ld {quote(str(base))}",
        ) from None
    return tuple(sorted(found))


def _files_in(folder: "os.DirEntry[str]") -> list[str]:
    """Return the names of a folder's files; one that may not be read has none."""
    try:
        there = _entries(Path(folder.path))
    except PermissionError:
        return []
    return [one.name for one in there if _is_file(one)]


def _entries(folder: Path) -> "list[os.DirEntry[str]]":
    with os.scandir(folder) as found:
        return list(found)


def _is_file(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_file()
    except OSError:  # a loop of links
        return False


def write_new(path: Path, text: str) -> None:
    """Create `path` with `text`, and the folder that it stands in.

    Raises FileExistsError when it is there, CannotWrite otherwise.
    """
    created = False
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as opened:
            created = True
            opened.write(text)
    except FileExistsError:
        raise
    except OSError as wrong:
        if created:
            path.unlink()
        raise cannot_write(path, wrong) from wrong


def write_atomically(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace `path` by `text` in one rename, so that a reader sees the old or the new, whole."""
    from tempfile import mkstemp

    temporary = None
    try:
        handle, temporary = mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
        os.chmod(temporary, mode)  # noqa: PTH101 - mkstemp gave a name, not a Path
        os.replace(temporary, path)  # noqa: PTH105
    except OSError as wrong:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
        raise cannot_write(path, wrong) from wrong


def cannot_write(path: Path, wrong: OSError) -> CannotWrite:
    """Return the failure that says which file could not be written, and why."""
    return CannotWrite(
        f"{path} could not be written: {wrong.strerror}.",
        f"Free some space or check who may write to {path.parent}, then run the command again.",
    )
