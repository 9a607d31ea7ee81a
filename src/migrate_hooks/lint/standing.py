"""What a folder's files say about a table: partitioned ones take less than others do."""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import lru_cache

from migrate_hooks.sql.operations import Operation, operations
from migrate_hooks.sql.split import statements

Key = tuple[str, str]
"""(schema, name), where no schema means public."""

_MAKES = frozenset({"CREATE TABLE", "CREATE TABLE AS"})
_VERBS = frozenset({"CREATE TABLE", "CREATE INDEX", "CREATE MATERIALIZED VIEW"})


class Standing(Enum):
    """PLAIN takes CONCURRENTLY and NOT VALID, PARTITIONED does not; UNKNOWN: made elsewhere."""

    PLAIN = 1
    PARTITIONED = 2
    UNKNOWN = 3


def of_table(texts: Iterable[str], key: Key) -> Standing:
    """Return how a table stands by the texts of all migrations."""
    made = [one for one in _about(texts, key[1]) if one.key == key and one.kind in _MAKES]
    if any(one.kind == "CREATE TABLE" and one.node.HasField("partspec") for one in made):
        return Standing.PARTITIONED
    return Standing.PLAIN if made else Standing.UNKNOWN


def of_index(texts: Sequence[str], key: Key) -> Standing:
    """Return how the table stands on which an index was built."""
    for one in _about(texts, key[1]):
        if one.kind == "CREATE INDEX" and (one.key[0], one.node.idxname) == key:
            return of_table(texts, one.key)
    return Standing.UNKNOWN


def said(standing: Standing, spelled: str) -> str:
    """Return what a change depends on that no file tells, as the end of a sentence, or ""."""
    if standing is not Standing.UNKNOWN:
        return ""
    return f" (right unless {spelled} is partitioned: no migration here creates it)"


def _about(texts: Iterable[str], name: str) -> Iterator[Operation]:
    """Yield what the files do that have `name` in them."""
    for text in texts:
        if name.lower() in text.lower():
            yield from _done(text)


@lru_cache(maxsize=512)  # one table is asked about again and again
def _done(text: str) -> tuple[Operation, ...]:
    made = (one for one in statements(text.removeprefix("\ufeff")) if one.verb in _VERBS)
    return operations(tuple(made))
