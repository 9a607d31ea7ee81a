"""Which columns are known to hold no NULL, so that SET NOT NULL need not read the table.

The safe pattern: CHECK (c IS NOT NULL) NOT VALID, VALIDATE in a later migration, then SET NOT NULL,
which trusts the check, then DROP CONSTRAINT. Its first half may stand in a released migration that
nobody reads again; then the name of the validated or dropped constraint has to tell.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

Proof = tuple[tuple[str, str], str]
"""((schema, table), a column without NULLs, or the name of a constraint that was validated)."""

_ADD = "ALTER TABLE AddConstraint"
_HINTS = ("null", "_nn")


def proved(done: Iterable[Operation]) -> frozenset[Proof]:
    """Return what the validated constraints of `done` prove, whichever file they stand in."""
    operations = tuple(done)
    tested = {
        (one.key, constraint(one).conname): tested_columns(constraint(one))
        for one in operations
        if one.kind == _ADD
    }
    found: set[Proof] = set()
    for one in operations:
        if one.kind == _ADD and not constraint(one).skip_validation:
            found |= {(one.key, column) for column in tested_columns(constraint(one))}
        elif one.kind == "ALTER TABLE ValidateConstraint":
            known = tested.get((one.key, one.node.name), (one.node.name,))
            found |= {(one.key, word) for word in known}
    return frozenset(found)


def is_trusted(
    one: Operation, done: Sequence[Operation], elsewhere: frozenset[Proof] = frozenset()
) -> bool:
    """Return whether SET NOT NULL meets a column that a check has already proved.

    `done` is what the same file does, `elsewhere` what unreleased migrations prove.
    """
    column = one.node.name
    earlier = done[: done.index(one)]
    words = {word for key, word in proved(earlier) | elsewhere if key == one.key}
    if any(word == column or _is_about(word, column) for word in words):
        return True
    return any(_is_about(name, column) for name in _dropped(one, done))


def ends_pattern(drop: Operation, done: Sequence[Operation]) -> bool:
    """Return whether DROP CONSTRAINT takes away a check that SET NOT NULL has just replaced."""
    return any(
        one.kind == "ALTER TABLE SetNotNull"
        and one.key == drop.key
        and _is_about(drop.node.name, one.node.name)
        for one in done
    )


def constraint(one: Operation) -> Any:
    """Return the constraint that ADD CONSTRAINT adds."""
    return objects.unwrapped(getattr(one.node, "def"))[1]


def _dropped(one: Operation, done: Sequence[Operation]) -> Iterator[str]:
    for other in done[done.index(one) :]:
        if other.kind == "ALTER TABLE DropConstraint" and other.key == one.key:
            yield other.node.name


def _is_about(name: str, column: str) -> bool:
    """Return whether a constraint's name says that it is about this column, or about NULL."""
    return column in name or any(hint in name for hint in _HINTS)


def tested_columns(node: Any) -> tuple[str, ...]:
    """Return the columns that a constraint forbids NULL in; a check may join tests with AND."""
    kind = objects.enum_name(node, "contype")
    if kind == "CONSTR_NOTNULL":
        return tuple(objects.name_path(node.keys))
    return tuple(_columns(node.raw_expr)) if kind == "CONSTR_CHECK" else ()


def _columns(expression: Any) -> Iterator[str]:
    kind, node = objects.unwrapped(expression)
    if kind == "null_test" and objects.enum_name(node, "nulltesttype") == "IS_NOT_NULL":
        inner, column = objects.unwrapped(node.arg)
        if inner == "column_ref":
            yield objects.name_path(column.fields)[-1]
    elif kind == "bool_expr" and objects.enum_name(node, "boolop") == "AND_EXPR":
        for each in node.args:
            yield from _columns(each)
