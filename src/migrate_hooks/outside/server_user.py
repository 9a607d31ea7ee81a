"""Who an embedded server runs as, and where that user can reach its programs and its socket.

PostgreSQL refuses to run as root; then the server runs as `postgres` or `nobody`.
"""

import os
import pwd
import shutil
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

from migrate_hooks.errors import Unreachable
from migrate_hooks.outside.files import cache_folder
from migrate_hooks.outside.pg_tools import BINDIR_VARIABLE, Installation

Owner = tuple[int, int] | None
"""uid and gid of another user than ours."""

_LONGEST_SOCKET = 100
"""A socket's path may have 107 bytes on Linux and 103 on macOS."""


def owner() -> Owner:
    """Return uid and gid for the server when we are root, which PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return None


def socket_folder(base: Path, owner: Owner) -> Path:
    """Return a folder for the socket: `base`, or another one where that has too long a path."""
    if len(bytes(base)) + len("/.s.PGSQL.5432") <= _LONGEST_SOCKET:
        return base
    digest = sha256(bytes(base)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"migrate-hooks-{os.geteuid()}-{digest}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), (owner or (-1,))[0]}:
        raise Unreachable(f"{folder} belongs to somebody else, so no socket is put there.")
    folder.chmod(0o700)
    if owner:
        os.chown(folder, *owner)
    return folder


def reachable(found: Installation, owner: Owner) -> Path:
    """Return a folder of the same binaries that the server's user can reach, copying if needed."""
    if owner is None or _open_to_all(found.bin):
        return found.bin
    name = f"{found.origin.replace(' ', '-')}-{found.major}"
    if found.origin == BINDIR_VARIABLE:  # there may be several of that major
        name += f"-{sha256(bytes(found.bin)).hexdigest()[:6]}"
    copy = cache_folder() / "binaries" / name
    if not (copy / "bin" / "postgres").exists():
        unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(found.bin.parent, unfinished, symlinks=True)
        copy.parent.chmod(0o711)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    return copy / "bin"


def _open_to_all(folder: Path) -> bool:
    resolved = folder.resolve()
    return all(place.stat().st_mode & stat.S_IXOTH for place in (resolved, *resolved.parents))
