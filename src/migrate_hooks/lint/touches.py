"""Which objects the statements of a file change, so that two files can be compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from migrate_hooks.lint.definitions import columns
from migrate_hooks.model.migration import Statement
from migrate_hooks.sql import parse
from migrate_hooks.sql.operations import Lock, Operation, operations

Thing = tuple[str, str, str]
"""(kind, schema, name), where no schema means public; a column is called "table.column"."""

# Whoever makes these says IF NOT EXISTS, and a grant on a schema collides with nothing; a part has
# its name inside a table only, which its name does not tell.
_HARMLESS = frozenset({"schema", "extension", "column", "constraint", "trigger", "policy", "rule"})
_WHOLE = frozenset(
    {"CREATE TABLE", "CREATE TABLE AS", "DROP TABLE", "RENAME TABLE", "SET SCHEMA", "SELECT INTO"}
)
_OF_COLUMN = "ALTER TABLE "


@dataclass(frozen=True, slots=True)
class Touch:
    """Where a file changes an object; `is_whole`: it makes it, drops it or gives it a new name."""

    line: int
    column: int
    is_whole: bool


@lru_cache(maxsize=256)  # one file of another branch is compared with each of ours
def touches(up: tuple[Statement, ...]) -> dict[Thing, Touch]:
    """Return the objects that statements create, alter or drop; queries and rows do not count."""
    found: dict[Thing, Touch] = {}
    for thing, touch in (*_named(up), *_operated(up)):
        earlier = found.get(thing)
        if earlier is None or (touch.is_whole and not earlier.is_whole):
            found[thing] = touch
    return found


def _named(up: tuple[Statement, ...]) -> Iterator[tuple[Thing, Touch]]:
    for one in up:
        names = parse.names(one.text)
        for kind, schema, name in names.created | names.touched if names else ():
            if name and kind not in _HARMLESS and not _is_table(kind):
                yield (kind, schema or "public", name), Touch(one.line, one.column, True)


def _is_table(kind: str) -> bool:
    return kind in ("table", "materialized view")  # operations tell them from what a lock hits


def _operated(up: tuple[Statement, ...]) -> Iterator[tuple[Thing, Touch]]:
    for one in operations(up):
        if not one.table or one.lock <= Lock.ROW_EXCLUSIVE or one.kind == "CREATE VIEW":
            continue
        schema, table = one.key
        yield ("table", schema, table), Touch(one.line, one.column, one.kind in _WHOLE)
        for name in _columns(one):
            yield ("column", schema, f"{table}.{name}"), Touch(one.line, one.column, True)


def _columns(one: Operation) -> Iterator[str]:
    """Yield the columns that an ALTER TABLE is about, and the name that a renamed one gets."""
    if one.kind.startswith(_OF_COLUMN):
        yield from (each.colname for each in columns(one))
        if "Column" in one.kind and one.node.name:
            yield one.node.name
    elif one.kind == "RENAME COLUMN":
        yield from (one.node.subname, one.node.newname)
