"""Whether the meaning of a function's body depends on the search_path that it runs with."""

from typing import Any

from migrate_hooks.sql import objects
from migrate_hooks.sql.functions import routine

# PostgreSQL looks into pg_catalog first, and a type's name has no overloads that could hide there.
_TYPES = frozenset(
    ("text", "uuid", "json", "jsonb", "bytea", "date", "timestamptz", "name", "oid", "void")
)
_COMPARING = frozenset({"A_Expr", "NullIfExpr"})


def is_qualified(node: Any) -> bool:
    """Return whether every name in the body of a CREATE FUNCTION says its schema, operators too.

    Operators and functions without one count as unqualified, also the server's own: an extension
    in public may have a variant that fits its types better (citext has its own =). A body that the
    server reads when it creates the function (BEGIN ATOMIC) depends on nothing later.
    """
    if node.HasField("sql_body"):
        return True
    found = routine(node)
    if found.language != "sql":
        return False
    import postgast
    from google.protobuf.message import DecodeError

    try:
        parsed = postgast.parse(found.body)
    except (postgast.PgQueryError, DecodeError):
        return False
    trees = [objects.unwrapped(one.stmt)[1] for one in parsed.stmts]
    return all(_names_all(tree) and not _compares(tree) for tree in trees)


def _names_all(tree: Any) -> bool:
    return all(
        schema or (kind == "type" and name in _TYPES)
        for kind, schema, name in objects.mentioned(tree)
    )


def _compares(tree: Any) -> bool:
    """Return whether an operator is looked up, be it one that nobody wrote (IN, USING, CASE x)."""
    for one in objects.messages(tree):
        kind = one.DESCRIPTOR.name
        if kind in _COMPARING:
            return True
        if kind == "SubLink" and one.HasField("testexpr"):
            return True
        if kind == "CaseExpr" and one.HasField("arg"):
            return True
        if kind == "JoinExpr" and (one.is_natural or one.using_clause):
            return True
    return False
