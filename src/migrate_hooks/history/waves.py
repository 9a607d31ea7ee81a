"""In which order many databases are changed: a few first, then the others in waves; pure."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def waves(all_: Sequence[T], canary: int, size: int) -> Iterator[tuple[T, ...]]:
    """Yield the first `canary`, if any, then the rest in groups of `size`, at least 1."""
    if all_[:canary]:
        yield tuple(all_[:canary])
    for start in range(canary, len(all_), size):
        yield tuple(all_[start : start + size])


def is_in_shard(name: str, number: int, of: int) -> bool:
    """Say whether a database belongs to shard `number` (from 1) of `of`.

    Its name alone decides, so every machine that is asked agrees, whatever else there is.
    """
    return int.from_bytes(sha256(name.encode()).digest()[:8]) % of == number - 1
