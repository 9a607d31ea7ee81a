"""Columns, keys and indexes that statements define, as the rules about schemas need them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation, place

_KINDS = {
    "CONSTR_PRIMARY": "primary key",
    "CONSTR_UNIQUE": "unique",
    "CONSTR_FOREIGN": "foreign key",
    "CONSTR_CHECK": "check",
    "CONSTR_EXCLUSION": "exclusion",
}
_REQUIRING = frozenset({"CONSTR_NOTNULL", "CONSTR_PRIMARY", "CONSTR_IDENTITY"})
_SERIALS = frozenset({"serial", "serial4", "bigserial", "serial8", "smallserial", "serial2"})


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint of a table; `columns` are empty for CHECK, `is_inline` means of a column."""

    kind: str
    name: str
    columns: tuple[str, ...]
    is_inline: bool
    node: Any


@dataclass(frozen=True, slots=True)
class Index:
    """One index; `columns` has "" for an expression, `is_plain` means without WHERE and INCLUDE."""

    name: str
    method: str
    columns: tuple[str, ...]
    is_unique: bool
    is_plain: bool


def columns(one: Operation) -> Iterator[Any]:
    """Yield the column definitions of CREATE TABLE and ADD COLUMN."""
    for each in one.node.table_elts if one.kind == "CREATE TABLE" else ():
        node = objects.unwrapped(each)[1]
        if node.DESCRIPTOR.name == "ColumnDef":
            yield node
    if one.kind == "ALTER TABLE AddColumn":
        yield objects.unwrapped(getattr(one.node, "def"))[1]


def is_required(column: Any) -> bool:
    """Return whether a column definition makes its column NOT NULL."""
    parts = (objects.unwrapped(each)[1] for each in column.constraints)
    kinds = {objects.enum_name(part, "contype") for part in parts}
    return bool(kinds & _REQUIRING) or type_of(column) in _SERIALS


def place_of(one: Operation, node: Any) -> tuple[int, int]:
    """Return line and column of a part; inside DO only those of the statement are known."""
    if one.statement.verb == "DO":
        return one.line, one.column
    return place(one.statement, node)


def type_of(column: Any) -> str:
    """Return the name of a column's type in the catalog: "int4", "timetz"."""
    path = objects.name_path(column.type_name)
    return path[-1] if path else ""


def constraints(one: Operation) -> Iterator[Constraint]:
    """Yield the constraints that CREATE TABLE, ADD COLUMN or ADD CONSTRAINT makes."""
    for column in columns(one):
        for part in column.constraints:
            yield from _read(objects.unwrapped(part)[1], column.colname)
    if one.kind == "CREATE TABLE":
        for each in one.node.table_elts:
            yield from _read(objects.unwrapped(each)[1], "")
    elif one.kind == "ALTER TABLE AddConstraint":
        yield from _read(objects.unwrapped(getattr(one.node, "def"))[1], "")


def added(done: Iterable[Operation]) -> Iterator[tuple[Operation, Constraint]]:
    """Yield the constraints that ALTER TABLE adds, each with the form that says so."""
    for one in done:
        if one.kind in ("ALTER TABLE AddColumn", "ALTER TABLE AddConstraint"):
            for found in constraints(one):
                yield one, found


def _read(node: Any, column: str) -> Iterator[Constraint]:
    if node.DESCRIPTOR.name != "Constraint":
        return
    kind = _KINDS.get(objects.enum_name(node, "contype"))
    if kind:
        listed = node.fk_attrs if kind == "foreign key" else node.keys
        names = tuple(objects.name_path(listed)) or ((column,) if column else ())
        yield Constraint(kind, node.conname, names, bool(column), node)


def index(node: Any) -> Index:
    """Return what a CREATE INDEX defines."""
    parts = [objects.unwrapped(each)[1] for each in node.index_params]
    return Index(
        name=node.idxname,
        method=node.access_method or "btree",
        columns=tuple(part.name for part in parts),
        is_unique=node.unique,
        is_plain=not node.HasField("where_clause")
        and not node.index_including_params
        and not any(part.ordering > 1 or part.opclass for part in parts),
    )


def indexed(done: Iterable[Operation], table: tuple[str, str]) -> list[tuple[str, ...]]:
    """Return the columns of every index on a table that these operations make, keys included."""
    found = []
    for one in done:
        if one.key != table:
            continue
        if one.kind == "CREATE INDEX" and not one.node.HasField("where_clause"):
            found.append(index(one.node).columns)
        found += [
            each.columns for each in constraints(one) if each.kind in ("primary key", "unique")
        ]
    return found
