"""What a folder holds, looked at for no longer than somebody waits."""

import os
import time
from collections.abc import Iterator
from pathlib import Path


def size(folder: Path, seconds: float) -> tuple[int, bool]:
    """Return the bytes of all files below `folder`, and whether there was time to see them all.

    What this user may not look into does not count.
    """
    ends = time.monotonic() + seconds
    total = 0
    for one in _files(folder):
        total += one
        if time.monotonic() > ends:
            return total, False
    return total, True


def _files(folder: Path) -> Iterator[int]:
    """Yield the size of each file; a link counts for itself."""
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                yield os.lstat(f"{place}/{name}").st_size
            except OSError:
                continue
