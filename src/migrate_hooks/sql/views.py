"""The text of a view as newer servers write it.

Until PostgreSQL 15 every column in a view bore the name of its relation; since 16 it does not where
there is only one relation to choose from.
"""

from collections.abc import Iterator
from typing import Any


def unqualified(definition: str) -> str:
    """Return the definition without the name of its only relation before its columns."""
    import postgast

    select = postgast.parse(definition).stmts[0].stmt.select_stmt
    name = _only_relation(select)
    if not name:
        return definition
    text = definition.encode()
    for place in sorted(_places(select, name), reverse=True):
        text = text[:place] + text[text.index(b".", place + len(name.encode())) + 1 :]
    return text.decode()


def _only_relation(select: Any) -> str:
    if len(select.from_clause) != 1:
        return ""
    item = select.from_clause[0]
    if item.HasField("range_function"):
        return str(item.range_function.alias.aliasname)
    return str(item.range_var.alias.aliasname or item.range_var.relname)


def _places(node: Any, name: str) -> Iterator[int]:
    """Yield where columns of `name` start, in bytes; a query within names its columns in full."""
    for field, value in node.ListFields():
        if field.message_type is None:
            continue
        for each in value if field.is_repeated else (value,):
            if each.DESCRIPTOR.name == "ColumnRef":
                if each.fields[0].string.sval == name and each.fields[-1].HasField("string"):
                    yield each.location
            elif each.DESCRIPTOR.name != "SelectStmt":
                yield from _places(each, name)
