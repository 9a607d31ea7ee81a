"""What statements do to relations and which lock that takes, from the server's own grammar."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from migrate_hooks.model.migration import Statement
from migrate_hooks.sql import blocks, forms, locks, objects, search_path
from migrate_hooks.sql.lexer import locator
from migrate_hooks.sql.locks import Lock

__all__ = ["Lock", "Operation", "operations", "place"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that one statement does to one relation, or (table "") to none.

    `kind` is like "ADD COLUMN" or "UPDATE". `schema` is "" where the file names none; names are as
    the catalog spells them. `node` is the parse tree of the smallest part that says it. `line` and
    `column` (from 1) are its place in the file.
    """

    kind: str
    schema: str
    table: str
    lock: Lock
    statement: Statement
    node: Any
    line: int
    column: int

    @property
    def spelled(self) -> str:
        """The table's name as SQL needs it; public goes without saying."""
        path = (self.table,) if self.schema in ("", "public") else (self.schema, self.table)
        return ".".join(map(forms.quoted, path))

    @property
    def key(self) -> tuple[str, str]:
        """(schema, table), where no schema means public."""
        return self.schema or "public", self.table


Part = tuple[str, Any, Lock, Any]
"""(kind, RangeVar or None, lock, node) of one operation."""


def operations(statements: Sequence[Statement]) -> tuple[Operation, ...]:
    """Return what `statements` do, in order; those that the grammar refuses are left out.

    What a DO block says in plain SQL counts as if it stood in the file; `statement` is the block.
    A name without a schema is in the one that a SET search_path before it puts first.
    """
    return _all(tuple(statements))


@lru_cache(maxsize=2048)  # the world around the files asks before the rules do
def _all(statements: tuple[Statement, ...]) -> tuple[Operation, ...]:
    found: list[Operation] = []
    schema = ""
    for statement in statements:
        for one in _of(statement):
            schema = search_path.first(one.node, schema)
            is_bare = bool(one.table) and not one.schema and bool(schema)
            found.append(replace(one, schema=schema) if is_bare else one)
    return tuple(found)


def _of(statement: Statement) -> Iterator[Operation]:
    yield from _read(statement)
    if statement.verb == "DO":
        for inner in blocks.inner(statement):
            for found in _read(inner):
                yield replace(found, statement=statement)


def _read(statement: Statement) -> Iterator[Operation]:
    import postgast
    from google.protobuf.message import DecodeError

    try:
        parsed = postgast.parse(statement.text)
    except (postgast.PgQueryError, DecodeError):
        return
    for raw in parsed.stmts:
        kind, node = objects.unwrapped(raw.stmt)
        parts = tuple(_READERS.get(kind, _other)(node))
        starts = forms.starts(statement.text) if kind == "alter_table_stmt" else ()
        for number, part in enumerate(parts):
            at = starts[number] if len(starts) == len(parts) else 0
            yield _operation(statement, part, at)


def _operation(statement: Statement, part: Part, at: int) -> Operation:
    """Return a part as an operation; `at` is where it begins in the statement, in characters."""
    kind, relation, lock, node = part
    schema, table = (relation.schemaname, relation.relname) if relation is not None else ("", "")
    line, column = place(statement, node, at)
    return Operation(kind, schema, table, lock, statement, node, line, column)


def place(statement: Statement, node: Any, at: int = 0) -> tuple[int, int]:
    """Return the place of a node in the file; trees count bytes of the statement from 0.

    A node that does not know its own place is where it begins (`at`) if that is in another line
    than the statement's first one, and else where the statement is.
    """
    known = _location(node)
    if known is not None:
        at = len(statement.text.encode()[:known].decode("utf-8", "ignore"))
    line, column = locator(statement.text)(at)
    if known is None and line == 1:
        return statement.line, statement.column
    return statement.line + line - 1, column + (statement.column - 1 if line == 1 else 0)


def _location(node: Any) -> int | None:
    fields = node.DESCRIPTOR.fields_by_name
    if "location" in fields and node.location > 0:
        return int(node.location)
    if "def" in fields and node.HasField("def"):
        inner = objects.unwrapped(getattr(node, "def"))[1]
        return int(inner.location) if getattr(inner, "location", 0) > 0 else None
    return None


def _other(node: Any) -> Iterator[Part]:
    """Yield a statement that is about no table, under the name of its tree."""
    yield node.DESCRIPTOR.name, None, Lock.NONE, node


def _on(kind: str, lock: Lock, field: str = "relation") -> Callable[[Any], Iterator[Part]]:
    def read(node: Any) -> Iterator[Part]:
        relation = getattr(node, field) if node.HasField(field) else None
        yield kind, relation, lock, node

    return read


def _altered(node: Any) -> Iterator[Part]:
    """Yield one operation for each form of an ALTER TABLE: "ALTER TABLE AddColumn" and so on."""
    if objects.enum_name(node, "objtype") not in ("OBJECT_TABLE", "OBJECT_FOREIGN_TABLE"):
        yield "ALTER OTHER", node.relation, Lock.ACCESS_EXCLUSIVE, node
        return
    for item in node.cmds:
        command = objects.unwrapped(item)[1]
        form = objects.enum_name(command, "subtype").removeprefix("AT_")
        yield f"ALTER TABLE {form}", node.relation, locks.of_alter(command), command


def _created(node: Any) -> Iterator[Part]:
    """Yield a new table, and what a new partition does to its parent."""
    yield "CREATE TABLE", node.relation, Lock.ACCESS_EXCLUSIVE, node
    if node.HasField("partbound"):
        for parent in node.inh_relations:
            yield "CREATE PARTITION", objects.unwrapped(parent)[1], Lock.ACCESS_EXCLUSIVE, node


def _indexed(node: Any) -> Iterator[Part]:
    lock = Lock.SHARE_UPDATE_EXCLUSIVE if node.concurrent else Lock.SHARE
    yield "CREATE INDEX", node.relation, lock, node


def _dropped(node: Any) -> Iterator[Part]:
    """Yield one operation for each object of a DROP; an index's own table is not in its words."""
    what = objects.enum_name(node, "remove_type").removeprefix("OBJECT_").replace("_", " ")
    relations = what in ("TABLE", "VIEW", "MATVIEW", "FOREIGN TABLE")
    for item in node.objects:
        path = objects.name_path(item)
        if what in _PARTS:  # the last word is the part's own name
            path = path[:-1]
        on = _relation(path) if path and (relations or what in _PARTS) else None
        yield f"DROP {what}", on, Lock.ACCESS_EXCLUSIVE if on else Lock.NONE, node


@dataclass(frozen=True, slots=True)
class _Relation:
    """A name that stands in the tree as a list of words and not as a RangeVar."""

    schemaname: str
    relname: str


_PARTS = frozenset({"TRIGGER", "POLICY", "RULE"})


def _relation(path: list[str]) -> _Relation:
    return _Relation(path[-2] if len(path) > 1 else "", path[-1])


def _listed(kind: str, lock: Lock) -> Callable[[Any], Iterator[Part]]:
    def read(node: Any) -> Iterator[Part]:
        for item in node.relations:
            yield kind, objects.unwrapped(item)[1], lock, node

    return read


def _locked(node: Any) -> Iterator[Part]:
    for item in node.relations:
        yield "LOCK TABLE", objects.unwrapped(item)[1], Lock(node.mode), node


def _vacuumed(node: Any) -> Iterator[Part]:
    names = {objects.unwrapped(item)[1].defname for item in node.options}
    kind = "VACUUM FULL" if "full" in names else "VACUUM" if node.is_vacuumcmd else "ANALYZE"
    lock = Lock.ACCESS_EXCLUSIVE if kind == "VACUUM FULL" else Lock.SHARE_UPDATE_EXCLUSIVE
    for item in node.rels:
        yield kind, objects.unwrapped(item)[1].relation, lock, node
    if not node.rels:
        yield kind, None, lock, node


def _refreshed(node: Any) -> Iterator[Part]:
    lock = Lock.EXCLUSIVE if node.concurrent else Lock.ACCESS_EXCLUSIVE
    yield "REFRESH MATERIALIZED VIEW", node.relation, lock, node


def _reindexed(node: Any) -> Iterator[Part]:
    concurrent = any(objects.unwrapped(one)[1].defname == "concurrently" for one in node.params)
    lock = Lock.SHARE_UPDATE_EXCLUSIVE if concurrent else Lock.ACCESS_EXCLUSIVE
    yield "REINDEX", node.relation if node.HasField("relation") else None, lock, node


def _renamed(node: Any) -> Iterator[Part]:
    what = objects.enum_name(node, "rename_type").removeprefix("OBJECT_")
    relation = node.relation if node.HasField("relation") else None
    yield f"RENAME {what}", relation, Lock.ACCESS_EXCLUSIVE if relation else Lock.NONE, node


def _selected(node: Any) -> Iterator[Part]:
    """Yield a query, and what its WITH writes."""
    if node.HasField("into_clause"):
        yield "SELECT INTO", node.into_clause.rel, Lock.ACCESS_EXCLUSIVE, node
    else:
        yield node.DESCRIPTOR.name, None, Lock.NONE, node
    yield from _written_in_with(node)


def _writing(kind: str) -> Callable[[Any], Iterator[Part]]:
    def read(node: Any) -> Iterator[Part]:
        yield kind, node.relation, Lock.ROW_EXCLUSIVE, node
        yield from _written_in_with(node)

    return read


def _written_in_with(node: Any) -> Iterator[Part]:
    for item in node.with_clause.ctes:
        kind, inner = objects.unwrapped(objects.unwrapped(item)[1].ctequery)
        if kind != "select_stmt" and kind in _READERS:
            yield from _READERS[kind](inner)


def _made_from_query(node: Any) -> Iterator[Part]:
    yield "CREATE TABLE AS", node.into.rel, Lock.ACCESS_EXCLUSIVE, node
    kind, query = objects.unwrapped(node.query)
    if kind == "select_stmt":
        yield from _written_in_with(query)


def _foreign_table(node: Any) -> Iterator[Part]:
    yield "CREATE FOREIGN TABLE", node.base_stmt.relation, Lock.ACCESS_EXCLUSIVE, node


_READERS: dict[str, Callable[[Any], Iterator[Part]]] = {
    "alter_table_stmt": _altered,
    "alter_object_schema_stmt": _on("SET SCHEMA", Lock.ACCESS_EXCLUSIVE),
    "alter_policy_stmt": _on("ALTER POLICY", Lock.ACCESS_EXCLUSIVE, "table"),
    "cluster_stmt": _on("CLUSTER", Lock.ACCESS_EXCLUSIVE),
    "copy_stmt": _on("COPY", Lock.ROW_EXCLUSIVE),
    "create_foreign_table_stmt": _foreign_table,
    "create_policy_stmt": _on("CREATE POLICY", Lock.ACCESS_EXCLUSIVE, "table"),
    "create_stmt": _created,
    "create_table_as_stmt": _made_from_query,
    "create_trig_stmt": _on("CREATE TRIGGER", Lock.SHARE_ROW_EXCLUSIVE),
    "delete_stmt": _writing("DELETE"),
    "drop_stmt": _dropped,
    "index_stmt": _indexed,
    "insert_stmt": _writing("INSERT"),
    "lock_stmt": _locked,
    "merge_stmt": _writing("MERGE"),
    "refresh_mat_view_stmt": _refreshed,
    "reindex_stmt": _reindexed,
    "rename_stmt": _renamed,
    "select_stmt": _selected,
    "rule_stmt": _on("CREATE RULE", Lock.ACCESS_EXCLUSIVE),
    "truncate_stmt": _listed("TRUNCATE", Lock.ACCESS_EXCLUSIVE),
    "update_stmt": _writing("UPDATE"),
    "vacuum_stmt": _vacuumed,
    "view_stmt": _on("CREATE VIEW", Lock.ACCESS_EXCLUSIVE, "view"),
}
