"""What the migrations of the folder say about tables, up to a place in one of them.

A file alone does not tell what type a column has, whether a table is partitioned, or whether
CREATE TABLE IF NOT EXISTS creates anything. Earlier files do, as far as they say it in plain SQL;
what they do not say stays unknown.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from migrate_hooks.lint import definitions, mentions, narrowing, not_null
from migrate_hooks.lint.narrowing import Type
from migrate_hooks.model.migration import Statement, Version
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation, operations

T = TypeVar("T")

Key = tuple[str, str]
"""(schema, table), where no schema means public."""

Column = tuple[str, str, str]
"""(schema, table, column)"""

When = tuple[tuple[int, ...], int, int]
"""(version, line, column): a place in the history of the folder."""

_TELLS = re.compile("TABLE|INDEX|SELECT|DO")  # in the verb of a statement
_END: When = ((10**30,), 0, 0)  # behind every version that a file name holds


@dataclass(frozen=True, slots=True)
class Past:
    """What becomes of columns and tables, each as (since when, state), oldest first.

    A column's state is its type, None where that cannot be known, and whether it is NOT NULL; a
    table is there or not, and partitioned or not; `keys` are the columns of its primary key, and
    `indexes` those of an index, known by (schema, name), "" for an expression. `checks` are known
    by (schema, table, name): columns that a check forbids NULL in, and whether it is valid.
    """

    columns: Mapping[Column, Sequence[tuple[When, Type | None]]] = field(default_factory=dict)
    tables: Mapping[Key, Sequence[tuple[When, bool]]] = field(default_factory=dict)
    partitioned: Mapping[Key, Sequence[tuple[When, bool]]] = field(default_factory=dict)
    required: Mapping[Column, Sequence[tuple[When, bool | None]]] = field(default_factory=dict)
    keys: Mapping[Key, Sequence[tuple[When, tuple[str, ...]]]] = field(default_factory=dict)
    indexes: Mapping[Key, Sequence[tuple[When, tuple[str, ...]]]] = field(default_factory=dict)
    checks: Mapping[Column, Sequence[tuple[When, tuple[tuple[str, ...], bool]]]] = field(
        default_factory=dict
    )

    def type_of(self, key: Key, column: str, when: When) -> Type | None:
        """Return a column's type just before a place, or None."""
        return _before(self.columns.get((*key, column), ()), when)

    def is_required(self, key: Key, column: str, when: When) -> bool | None:
        """Return whether a column is NOT NULL just before a place, None where nobody says."""
        return _before(self.required.get((*key, column), ()), when)

    def proofs(self, key: Key, column: str, when: When) -> tuple[bool, ...]:
        """Return for each check that forbids NULL in a column whether it is valid."""
        named = (each for each in self.checks if each[:2] == key)
        found = (_before(self.checks[each], when) or ((), False) for each in named)
        return tuple(is_valid for columns, is_valid in found if column in columns)

    def primary_key(self, key: Key, when: When) -> tuple[str, ...]:
        """Return the columns of a table's primary key just before a place, () if unknown."""
        return _before(self.keys.get(key, ()), when) or ()

    def indexed(self, schema: str, name: str, when: When) -> tuple[str, ...]:
        """Return the columns of an index just before a place, () if unknown."""
        return _before(self.indexes.get((schema, name), ()), when) or ()

    def has(self, key: Key, when: When) -> bool:
        """Return whether an earlier statement has certainly created a table."""
        return bool(_before(self.tables.get(key, ()), when))

    def is_partitioned(self, key: Key, when: When) -> bool:
        """Return whether a table is certainly partitioned."""
        return bool(_before(self.partitioned.get(key, ()), when))


UNKNOWN = Past()


def _before(states: Sequence[tuple[When, T]], when: When) -> T | None:
    return next((state for since, state in reversed(states) if since < when), None)


def at(version: Version | None, one: Operation) -> When:
    """Return the place of an operation; a file without a version stands behind all others."""
    return (version.key if version else _END[0]), one.line, one.column


def read(
    files: Iterable[tuple[Version | None, Sequence[Statement]]], names: frozenset[str]
) -> Past:
    """Return what files, as (version, statements of UP), say about the tables called `names`."""
    past = Past({}, {}, {}, {}, {}, {}, {})
    for version, statements in sorted(files, key=lambda file: file[0].key if file[0] else _END[0]):
        if any(mentions.defines(one.text, names) for one in statements):
            for one in operations([one for one in statements if _TELLS.search(one.verb)]):
                _remember(one, at(version, one), past)
    return past


def _remember(one: Operation, when: When, past: Past) -> None:
    """Add what one operation changes."""
    reader = _READERS.get(one.kind)
    if reader is not None:
        for facts, key, state in reader(one, when, past):
            facts.setdefault(key, []).append((when, state))


Change = tuple[Any, tuple[str, ...], object]
"""(the facts it belongs to, the key, the new state)"""


def _created(one: Operation, when: When, past: Past) -> Iterator[Change]:
    if one.node.if_not_exists and past.has(one.key, when):
        return
    yield past.tables, one.key, one.node.relation.relpersistence != "t"
    yield past.partitioned, one.key, one.node.HasField("partspec")
    for item in one.node.table_elts:
        kind, node = objects.unwrapped(item)
        if kind == "column_def":
            yield past.columns, (*one.key, node.colname), narrowing.of(node.type_name)
            yield past.required, (*one.key, node.colname), definitions.is_required(node)
    yield from _keyed(one, when, past)


def _keyed(one: Operation, when: When, past: Past) -> Iterator[Change]:
    """Yield what a primary key, which makes its columns NOT NULL, and what NOT NULL says."""
    for each in definitions.constraints(one):
        if each.kind == "primary key":
            columns = each.columns or past.indexed(one.key[0], each.node.indexname, when)
            yield past.keys, one.key, columns
            for column in columns:
                yield past.required, (*one.key, column), True
        elif each.node.conname:
            tested = not_null.tested_columns(each.node)
            yield (
                past.checks,
                (*one.key, each.node.conname),
                (tested, not each.node.skip_validation),
            )


def _validated(one: Operation, when: When, past: Past) -> Iterator[Change]:
    name = (*one.key, one.node.name)
    columns, _ = _before(past.checks.get(name, ()), when) or ((), False)
    yield past.checks, name, (columns, True)


def _unchecked(one: Operation, _when: When, past: Past) -> Iterator[Change]:
    yield past.checks, (*one.key, one.node.name), ((), False)


def _indexed(one: Operation, _when: When, past: Past) -> Iterator[Change]:
    yield past.indexes, (one.key[0], one.node.idxname), definitions.index(one.node).columns


def _required(one: Operation, _when: When, past: Past) -> Iterator[Change]:
    yield past.required, (*one.key, one.node.name), one.kind == "ALTER TABLE SetNotNull"


def _made_otherwise(one: Operation, _when: When, past: Past) -> Iterator[Change]:
    yield past.tables, one.key, True
    yield past.partitioned, one.key, False


def _dropped(one: Operation, _when: When, past: Past) -> Iterator[Change]:
    yield past.tables, one.key, False
    yield past.keys, one.key, ()
    for column in [column for column in past.columns if column[:2] == one.key]:
        yield past.columns, column, None
        yield past.required, column, None


def _added(one: Operation, when: When, past: Past) -> Iterator[Change]:
    column = objects.unwrapped(getattr(one.node, "def"))[1]
    known = past.type_of(one.key, column.colname, when)
    if not (one.node.missing_ok and known):
        yield past.columns, (*one.key, column.colname), narrowing.of(column.type_name)
        yield past.required, (*one.key, column.colname), definitions.is_required(column)
        yield from _keyed(one, when, past)


def _retyped(one: Operation, _when: When, past: Past) -> Iterator[Change]:
    column = objects.unwrapped(getattr(one.node, "def"))[1]
    yield past.columns, (*one.key, one.node.name), narrowing.of(column.type_name)


def _removed(one: Operation, when: When, past: Past) -> Iterator[Change]:
    yield past.columns, (*one.key, one.node.name), None
    yield past.required, (*one.key, one.node.name), None
    if one.node.name in past.primary_key(one.key, when):
        yield past.keys, one.key, ()


def _renamed_column(one: Operation, when: When, past: Past) -> Iterator[Change]:
    old, new = one.node.subname, one.node.newname
    yield past.columns, (*one.key, new), past.type_of(one.key, old, when)
    yield past.required, (*one.key, new), past.is_required(one.key, old, when)
    yield past.columns, (*one.key, old), None
    yield past.required, (*one.key, old), None
    key = past.primary_key(one.key, when)
    yield past.keys, one.key, tuple(new if column == old else column for column in key)


def _renamed(one: Operation, when: When, past: Past) -> Iterator[Change]:
    new = (one.key[0], one.node.newname)
    for column in [column for column in past.columns if column[:2] == one.key]:
        yield past.columns, (*new, column[2]), past.type_of(one.key, column[2], when)
        yield past.required, (*new, column[2]), past.is_required(one.key, column[2], when)
    yield past.keys, new, past.primary_key(one.key, when)
    yield past.partitioned, new, past.is_partitioned(one.key, when)
    yield past.tables, new, True
    yield from _dropped(one, when, past)


_READERS: dict[str, Callable[[Operation, When, Past], Iterator[Change]]] = {
    "CREATE TABLE": _created,
    "CREATE TABLE AS": _made_otherwise,
    "SELECT INTO": _made_otherwise,
    "DROP TABLE": _dropped,
    "RENAME TABLE": _renamed,
    "RENAME COLUMN": _renamed_column,
    "CREATE INDEX": _indexed,
    "ALTER TABLE AddColumn": _added,
    "ALTER TABLE AddConstraint": _keyed,
    "ALTER TABLE DropConstraint": _unchecked,
    "ALTER TABLE ValidateConstraint": _validated,
    "ALTER TABLE SetNotNull": _required,
    "ALTER TABLE DropNotNull": _required,
    "ALTER TABLE AlterColumnType": _retyped,
    "ALTER TABLE DropColumn": _removed,
}
