"""What INSERT, UPDATE and DELETE do to how many rows, as far as their words tell."""

from typing import Any

from migrate_hooks.lint.facts import Subject
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

CHANGES = frozenset({"UPDATE", "DELETE"})
# Columns that name one row or a few: a condition on them touches as many rows as it lists.
_NAMES_A_ROW = frozenset({"id", "uuid", "key", "slug", "name", "code", "email"})
# Where applications without a ledger note which version their schema has.
_BOOKS = ("version", "schema_info", "schema_migrations", "db_info")
_EQUALS = frozenset({"AEXPR_OP", "AEXPR_IN", "AEXPR_OP_ANY"})


def is_backfill(subject: Subject, one: Operation) -> bool:
    """Return whether an operation writes as many rows as an existing table has.

    An UPDATE or DELETE of rows that it names one by one is none; nor is an INSERT of rows that
    stand in the file, or of rows of a table that is as new as the migration.
    """
    if one.kind in CHANGES:
        few = _names_rows(one.node) or _keeps_books(one)
        return subject.on_existing(one) and not few
    if one.kind == "MERGE":
        return subject.on_existing(one)
    return one.kind == "INSERT" and _copies(subject, one.node)


def is_whole_table(one: Operation) -> bool:
    """Return whether an UPDATE or DELETE has no WHERE, or one that is always true."""
    if one.kind not in CHANGES or _keeps_books(one):
        return False
    return not one.node.HasField("where_clause") or _always_true(one.node.where_clause)


def reads_existing(subject: Subject, node: Any) -> bool:
    """Return whether a query reads the rows of an existing table."""
    kind, query = objects.unwrapped(node)
    return kind == "select_stmt" and any(_is_existing(subject, one) for one in _sources(query))


def _keeps_books(one: Operation) -> bool:
    """Return whether an UPDATE writes a new constant to the one row of a table about the schema."""
    values = [objects.unwrapped(item)[1].val for item in getattr(one.node, "target_list", ())]
    return (
        one.kind == "UPDATE"
        and one.table.lower().endswith(_BOOKS)
        and not one.node.HasField("where_clause")
        and all(map(_is_constant, values))
    )


def _names_rows(node: Any) -> bool:
    return node.HasField("where_clause") and _pins(node.where_clause)


def _pins(condition: Any) -> bool:
    """Return whether a condition lists the rows by value, be it among other conditions."""
    kind, node = objects.unwrapped(condition)
    if kind == "bool_expr":
        pinned = [_pins(each) for each in node.args]
        is_or = objects.enum_name(node, "boolop") == "OR_EXPR"
        is_not = objects.enum_name(node, "boolop") == "NOT_EXPR"
        return not is_not and (all(pinned) if is_or else any(pinned))
    if kind != "a_expr" or objects.enum_name(node, "kind") not in _EQUALS:
        return False
    equal = objects.name_path(node.name) == ["="]
    return equal and _column(node.lexpr) in _NAMES_A_ROW and _is_constant(node.rexpr)


def _column(node: Any) -> str:
    kind, inner = objects.unwrapped(node)
    path = objects.name_path(inner.fields) if kind == "column_ref" else []
    return path[-1] if path else ""


def _is_constant(node: Any) -> bool:
    kind, inner = objects.unwrapped(node)
    if kind == "type_cast":
        return _is_constant(inner.arg)
    if kind in ("list", "a_array_expr"):
        items = inner.items if kind == "list" else inner.elements
        return all(_is_constant(each) for each in items)
    return kind == "a_const"


def _always_true(condition: Any) -> bool:
    kind, node = objects.unwrapped(condition)
    if kind == "a_const":
        return bool(node.HasField("boolval") and node.boolval.boolval)
    if kind == "bool_expr":
        found = [_always_true(each) for each in node.args]
        word = objects.enum_name(node, "boolop")
        return {"AND_EXPR": all(found), "OR_EXPR": any(found)}.get(word, False)
    if kind == "null_test":
        return _is_never_null(node)
    return kind == "a_expr" and _equals_itself(node)


def _is_never_null(node: Any) -> bool:
    """Return whether this is `id IS NOT NULL`, the usual way around a ban on missing WHERE."""
    wanted = objects.enum_name(node, "nulltesttype") == "IS_NOT_NULL"
    return wanted and _column(node.arg) == "id"


def _equals_itself(node: Any) -> bool:
    equal = objects.enum_name(node, "kind") == "AEXPR_OP" and objects.name_path(node.name) == ["="]
    return equal and _is_constant(node.lexpr) and _plain(node.lexpr) == _plain(node.rexpr)


def _plain(node: Any) -> str:
    """Return a constant without its place, to compare it with another one."""
    kind, inner = objects.unwrapped(node)
    if kind != "a_const":
        return f"{kind} at {id(node)}"
    return " ".join(
        f"{field.name}={value}" for field, value in inner.ListFields() if field.name != "location"
    )


def _copies(subject: Subject, node: Any) -> bool:
    """Return whether an INSERT reads the rows of an existing table."""
    if not node.HasField("select_stmt"):
        return False
    kind, query = objects.unwrapped(node.select_stmt)
    if kind != "select_stmt" or query.values_lists or _names_rows(query):
        return False
    return reads_existing(subject, node.select_stmt)


def _sources(query: Any) -> set[objects.Name]:
    """Return the tables of FROM, of the parts of a UNION and of WITH."""
    found: set[objects.Name] = set()
    for part in (query.larg, query.rarg) if query.HasField("larg") else ():
        found |= _sources(part)
    for item in (*query.from_clause, *query.with_clause.ctes):
        found |= {name for name in objects.mentioned(item) if name[0] == "table"}
    inner = {objects.unwrapped(each)[1].ctename for each in query.with_clause.ctes}
    return {name for name in found if name[1] or name[2] not in inner}


def _is_existing(subject: Subject, name: objects.Name) -> bool:
    return (name[1] or "public", name[2]) not in subject.made
