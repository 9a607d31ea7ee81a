"""Which tables of a folder are partitioned: they take less than others do."""

from collections.abc import Iterable

from migrate_hooks.lint.change import Key
from migrate_hooks.sql.operations import Operation, operations
from migrate_hooks.sql.split import statements

_WORDS = "partition by"


def partitioned(texts: Iterable[str]) -> frozenset[Key]:
    """Return the partitioned tables that these files create, and the indexes on them."""
    found = list(texts)
    if not any(_WORDS in one.lower() for one in found):
        return frozenset()
    done = [each for one in found for each in operations(statements(one.removeprefix("\ufeff")))]
    tables = {one.key for one in done if one.kind == "CREATE TABLE" and _is_parted(one)}
    indexes = {
        (one.key[0], one.node.idxname)
        for one in done
        if one.kind == "CREATE INDEX" and one.key in tables
    }
    return frozenset(tables | indexes)


def _is_parted(one: Operation) -> bool:
    return bool(one.node.HasField("partspec"))
