"""New columns that the rows of a table have no value for."""

from typing import Any

from migrate_hooks.lint import rewrites
from migrate_hooks.sql import objects

_FORBIDS = frozenset({"CONSTR_NOTNULL", "CONSTR_PRIMARY"})
_FILLS = frozenset({"CONSTR_GENERATED", "CONSTR_IDENTITY"})


def lacks_value(column: Any) -> bool:
    """Return whether a column definition forbids NULL and gives old rows nothing else."""
    parts = [objects.unwrapped(each)[1] for each in column.constraints]
    kinds = {objects.enum_name(part, "contype") for part in parts}
    filled = kinds & _FILLS or any(_is_value(part) for part in parts)
    return bool(kinds & _FORBIDS) and not filled and not rewrites.is_serial(column)


def _is_value(part: Any) -> bool:
    """Return whether a part of a column is a default that is not NULL."""
    if objects.enum_name(part, "contype") != "CONSTR_DEFAULT":
        return False
    kind, node = objects.unwrapped(part.raw_expr)
    if kind == "type_cast":
        kind, node = objects.unwrapped(node.arg)
    return not (kind == "a_const" and node.isnull)
