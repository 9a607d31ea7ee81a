"""What databases contain, as files of the user's cache folder; the newest of a shelf are kept.

It makes things quicker or does nothing: unreadable or full, it knows nothing and keeps nothing.
"""

import os
from contextlib import suppress
from pathlib import Path

from migrate_hooks.outside.files import cache_folder

_MOST_FILES = 200
REPLAYED = "shots"
LAST = "last"
"""Shelves: what replayed databases contain, and how environments were when last read."""


def find(key: str, shelf: str = REPLAYED) -> bytes | None:
    """Return what was kept under `key`, or None."""
    file = cache_folder() / shelf / key
    with suppress(OSError):
        data = file.read_bytes()
        file.touch()
        return data
    return None


def keep(key: str, data: bytes, shelf: str = REPLAYED) -> None:
    """Keep `data`, whole or not at all; what was not asked for longest goes."""
    with suppress(OSError):
        folder = cache_folder() / shelf
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = folder / f".{key}.{os.getpid()}"
        unfinished.write_bytes(data)
        unfinished.replace(folder / key)
        _sweep(folder)


def _sweep(folder: Path) -> None:
    files = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
    for file in files[_MOST_FILES:]:
        file.unlink(missing_ok=True)
