"""Read from a statement's parse tree which objects it makes, changes and mentions.

The trees are libpg_query's messages; a name of theirs is a field there (gram.y says which).
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

Name = tuple[str, str, str]
"""(kind, schema or "", name) as the catalog spells them: folded, without quotes."""

Role = tuple[str, Name]
"""("created" or "touched", name)."""

_KINDS = {
    "OBJECT_TABLE": "table",
    "OBJECT_FOREIGN_TABLE": "table",
    "OBJECT_VIEW": "view",
    "OBJECT_MATVIEW": "materialized view",
    "OBJECT_INDEX": "index",
    "OBJECT_SEQUENCE": "sequence",
    "OBJECT_FUNCTION": "function",
    "OBJECT_PROCEDURE": "function",
    "OBJECT_ROUTINE": "function",
    "OBJECT_AGGREGATE": "aggregate",
    "OBJECT_TYPE": "type",
    "OBJECT_DOMAIN": "domain",
    "OBJECT_SCHEMA": "schema",
    "OBJECT_EXTENSION": "extension",
}
# Objects inside a table: who names one of them touches its table.
_PARTS = {
    "OBJECT_TRIGGER": "trigger",
    "OBJECT_POLICY": "policy",
    "OBJECT_RULE": "rule",
    "OBJECT_TABCONSTRAINT": "constraint",
    "OBJECT_COLUMN": "column",
    "OBJECT_ATTRIBUTE": "column",
}
_HIDDEN = frozenset({"pg_catalog", "information_schema"})


def unwrapped(node: Any) -> tuple[str, Any]:
    """Return the kind of what a generic node holds, and the thing itself."""
    kind = str(node.WhichOneof("node"))
    return kind, getattr(node, kind)


def named(kind: str, node: Any) -> Iterator[Role]:
    """Yield what a statement of this kind creates and touches; nothing for queries."""
    reader = _READERS.get(kind)
    return reader(node) if reader else iter(())


def mentioned(node: Any) -> set[Name]:
    """Return the relations, functions and types anywhere in a tree, but none of the system's."""
    found: set[Name] = set()
    inner: set[Name] = set()  # names that WITH gives to queries
    for message in messages(node):
        kind = message.DESCRIPTOR.name
        if kind == "CommonTableExpr":
            inner.add(("table", "", message.ctename))
        elif kind in _MENTIONS:
            what, read = _MENTIONS[kind]
            found.add(_name(what, read(message)))
    return {name for name in found - inner if name[1] not in _HIDDEN and name[2]}


def messages(node: Any) -> Iterator[Any]:
    """Yield every message of a tree, in no order that means anything."""
    waiting = [node]
    while waiting:
        message = waiting.pop()
        yield message
        for field, value in message.ListFields():
            if field.message_type:
                waiting.extend([value] if hasattr(value, "DESCRIPTOR") else value)


def _name(kind: str, path: list[str]) -> Name:
    return kind, path[-2] if len(path) > 1 else "", path[-1] if path else ""


def name_path(value: Any) -> list[str]:
    """Return the parts of a name, however the tree holds it."""
    if isinstance(value, str):
        return [value]
    if not hasattr(value, "DESCRIPTOR"):  # a list of nodes
        return [part for item in value for part in name_path(item)]
    read = _NAMED_BY.get(value.DESCRIPTOR.name)
    return read(value) if read else []


_NAMED_BY: dict[str, Callable[[Any], list[str]]] = {
    "Node": lambda node: name_path(unwrapped(node)[1]) if node.WhichOneof("node") else [],
    "String": lambda node: [node.sval],
    "List": lambda node: name_path(node.items),
    "ObjectWithArgs": lambda node: name_path(node.objname),
    "TypeName": lambda node: name_path(node.names),
    "RangeVar": lambda node: [part for part in (node.schemaname, node.relname) if part],
}
_MENTIONS: dict[str, tuple[str, Callable[[Any], list[str]]]] = {
    "RangeVar": ("table", name_path),
    "FuncCall": ("function", lambda node: name_path(node.funcname)),
    "TypeName": ("type", name_path),
}


def enum_name(node: Any, field: str) -> str:
    """Return an enumeration field's value by its name, like OBJECT_TABLE."""
    values = node.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number
    return str(values[getattr(node, field)].name)


def _one(role: str, kind: str, field: str, node: Any) -> Iterator[Role]:
    yield role, _name(kind, name_path(getattr(node, field)))


def _part(role: str, kind: str, field: str, table: str, node: Any) -> Iterator[Role]:
    """Yield a part of a table, if it has a name, and the table."""
    relation = getattr(node, table)
    if getattr(node, field):
        yield role, (kind, relation.schemaname, getattr(node, field))
    yield "touched", _name("table", name_path(relation))


def _typed(object_type: str, path: list[str]) -> Iterator[Role]:
    """Yield an object that a statement touches by its type, with its table if it is part of one."""
    if object_type in _PARTS:
        *table, part = path
        yield "touched", (_PARTS[object_type], table[-2] if len(table) > 1 else "", part)
        yield "touched", _name("table", table)
    elif object_type in _KINDS:
        yield "touched", _name(_KINDS[object_type], path)


def _listed(type_field: str, field: str, node: Any) -> Iterator[Role]:
    """Yield every object of a DROP or COMMENT."""
    objects = getattr(node, field)
    for each in [objects] if hasattr(objects, "DESCRIPTOR") else objects:
        yield from _typed(enum_name(node, type_field), name_path(each))


def _granted(node: Any) -> Iterator[Role]:
    of_schema = enum_name(node, "targtype") == "ACL_TARGET_ALL_IN_SCHEMA"
    for each in node.objects:
        yield from _typed(
            "OBJECT_SCHEMA" if of_schema else enum_name(node, "objtype"), name_path(each)
        )


def _subject(node: Any) -> list[str]:
    """Return the name of what ALTER … RENAME or SET SCHEMA is about."""
    if node.HasField("relation"):
        return name_path(node.relation)
    return name_path(node.object) or [node.subname]


def _altered_table(node: Any) -> Iterator[Role]:
    return _typed(enum_name(node, "objtype"), name_path(node.relation))


def _renamed(node: Any) -> Iterator[Role]:
    object_type, path = enum_name(node, "rename_type"), _subject(node)
    if object_type in _PARTS:
        yield from _typed(object_type, [*path, node.subname])
        yield "created", (_PARTS[object_type], path[-2] if len(path) > 1 else "", node.newname)
    elif object_type in _KINDS:
        yield from _typed(object_type, path)
        yield "created", _name(_KINDS[object_type], [*path[:-1], node.newname])


def _moved(node: Any) -> Iterator[Role]:
    object_type = enum_name(node, "object_type")
    if object_type in _KINDS:
        path = name_path(node.relation if node.HasField("relation") else node.object)
        yield from _typed(object_type, path)
        yield "created", (_KINDS[object_type], node.newschema, path[-1])


def _defined(node: Any) -> Iterator[Role]:
    kind = _KINDS.get(enum_name(node, "kind"))
    if kind:
        yield "created", _name(kind, name_path(node.defnames))


def _stored_query(node: Any) -> Iterator[Role]:
    yield "created", _name(_KINDS[enum_name(node, "objtype")], name_path(node.into.rel))


def _foreign_table(node: Any) -> Iterator[Role]:
    return named("create_stmt", node.base_stmt)


def _schema(node: Any) -> Iterator[Role]:
    """Yield a schema, and what is made in it by the same statement."""
    schema = node.schemaname or node.authrole.rolename
    yield "created", ("schema", "", schema)
    for element in node.schema_elts:
        for role, (kind, own, name) in named(*unwrapped(element)):
            yield role, (kind, own or schema, name)


_READERS: dict[str, Callable[[Any], Iterator[Role]]] = {
    "create_stmt": partial(_one, "created", "table", "relation"),
    "view_stmt": partial(_one, "created", "view", "view"),
    "create_seq_stmt": partial(_one, "created", "sequence", "sequence"),
    "create_function_stmt": partial(_one, "created", "function", "funcname"),
    "composite_type_stmt": partial(_one, "created", "type", "typevar"),
    "create_enum_stmt": partial(_one, "created", "type", "type_name"),
    "create_range_stmt": partial(_one, "created", "type", "type_name"),
    "create_domain_stmt": partial(_one, "created", "domain", "domainname"),
    "create_extension_stmt": partial(_one, "created", "extension", "extname"),
    "create_schema_stmt": _schema,
    "create_table_as_stmt": _stored_query,
    "create_foreign_table_stmt": _foreign_table,
    "define_stmt": _defined,
    "index_stmt": partial(_part, "created", "index", "idxname", "relation"),
    "create_trig_stmt": partial(_part, "created", "trigger", "trigname", "relation"),
    "create_policy_stmt": partial(_part, "created", "policy", "policy_name", "table"),
    "rule_stmt": partial(_part, "created", "rule", "rulename", "relation"),
    "alter_policy_stmt": partial(_part, "touched", "policy", "policy_name", "table"),
    "alter_seq_stmt": partial(_one, "touched", "sequence", "sequence"),
    "alter_function_stmt": partial(_one, "touched", "function", "func"),
    "alter_enum_stmt": partial(_one, "touched", "type", "type_name"),
    "alter_type_stmt": partial(_one, "touched", "type", "type_name"),
    "alter_domain_stmt": partial(_one, "touched", "domain", "type_name"),
    "alter_extension_stmt": partial(_one, "touched", "extension", "extname"),
    "alter_table_stmt": _altered_table,
    "alter_owner_stmt": partial(_listed, "object_type", "object"),
    "drop_stmt": partial(_listed, "remove_type", "objects"),
    "comment_stmt": partial(_listed, "objtype", "object"),
    "grant_stmt": _granted,
    "rename_stmt": _renamed,
    "alter_object_schema_stmt": _moved,
}
