"""Statements that only give something another name, and what gives the old one back.

Whoever drops and creates instead loses the rows, so these are told from everything else.
"""

from collections.abc import Iterator
from typing import Any

from migrate_hooks.sql.objects import unwrapped

_PUBLIC = "public"
_NAMES = {"list": "items", "type_name": "names", "object_with_args": "objname"}


def back(text: str, schema: str = "") -> str | None:
    """Return the statement that undoes a rename or a move to another schema; None for any other.

    A relation without a schema is in `schema`, if that is known; one that was moved came from there
    or from public.
    """
    import postgast
    from google.protobuf.message import DecodeError

    try:
        tree = postgast.parse(text)
    except (postgast.PgQueryError, DecodeError):
        return None
    if len(tree.stmts) != 1:
        return None
    kind, node = unwrapped(tree.stmts[0].stmt)
    turn = {
        "rename_stmt": _renamed,
        "alter_enum_stmt": _relabelled,
        "alter_object_schema_stmt": _moved,
    }.get(kind)
    if turn is None:
        return None
    if "relation" in node.DESCRIPTOR.fields_by_name and node.HasField("relation"):
        node.relation.schemaname = node.relation.schemaname or schema
    return postgast.deparse(tree) if turn(node) else None


def _renamed(node: Any) -> bool:
    old = node.newname
    if node.subname:
        node.newname, node.subname = node.subname, old
    elif node.HasField("relation"):
        node.newname, node.relation.relname = node.relation.relname, old
    else:
        return _turned(node, "newname")
    return True


def _relabelled(node: Any) -> bool:
    if not node.old_val:
        return False
    node.old_val, node.new_val = node.new_val, node.old_val
    return True


def _moved(node: Any) -> bool:
    old = node.newschema
    if not node.HasField("relation"):
        parts = tuple(_parts(node.object))
        if len(parts) < 2:
            return False
        node.newschema, parts[-2].sval = parts[-2].sval, old
        return True
    node.newschema, node.relation.schemaname = node.relation.schemaname or _PUBLIC, old
    return True


def _turned(node: Any, field: str) -> bool:
    """Exchange the last part of the object's name with a field."""
    parts = tuple(_parts(node.object))
    if not parts:
        return False
    old = getattr(node, field)
    setattr(node, field, parts[-1].sval)
    parts[-1].sval = old
    return True


def _parts(wrapped: Any) -> Iterator[Any]:
    """Yield the parts of a qualified name, as nodes that can be changed."""
    kind, node = unwrapped(wrapped)
    if kind == "string":
        yield node
        return
    for item in getattr(node, _NAMES[kind]) if kind in _NAMES else ():
        yield unwrapped(item)[1]
