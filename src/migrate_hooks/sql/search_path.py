"""Which schema a name without one is in, as SET search_path and set_config say."""

from collections.abc import Iterator
from typing import Any

from migrate_hooks.sql import objects

_SETTING = "search_path"
_USUAL = frozenset({"public", ""})
_NOT_FOR_TABLES = frozenset({"$user", "pg_catalog"})


def first(node: Any, before: str) -> str:
    """Return the schema that names without one are in behind a statement, "" for the usual one.

    `before` is what it was before that statement.
    """
    kind = node.DESCRIPTOR.name
    if kind == "VariableSetStmt" and node.name.lower() == _SETTING:
        return _first(_texts(node.args))
    if kind == "SelectStmt":
        for call in _calls(node):
            name, path, *_ = (*_texts(call.args), "", "")
            if name.lower() == _SETTING:
                return _first(path.split(","))
    return before


def _calls(query: Any) -> Iterator[Any]:
    for item in query.target_list:
        value = objects.unwrapped(item)[1].val
        if value.WhichOneof("node") == "func_call":
            call = value.func_call
            if objects.name_path(call.funcname)[-1] == "set_config":
                yield call


def _first(schemas: Any) -> str:
    """Return the first schema of a path that can hold a new table, "" where that is public."""
    names = [name.strip().strip('"') for name in schemas]
    named = [name for name in names if name not in _NOT_FOR_TABLES]
    return named[0] if named and named[0] not in _USUAL else ""


def _texts(nodes: Any) -> tuple[str, ...]:
    """Return the literals among values."""
    read = (objects.unwrapped(item)[1] for item in nodes)
    return tuple(one.sval.sval for one in read if getattr(one, "sval", None) is not None)
