"""How many there are of something, and a few of many names, as a sentence says it."""

from collections.abc import Sequence


def amount(count: int, thing: str) -> str:
    """Return "1 table" or "2 tables"."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def some(names: Sequence[str], most: int) -> str:
    """Return up to `most` of the names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
