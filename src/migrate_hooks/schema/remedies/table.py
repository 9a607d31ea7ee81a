"""Tables, partitions and foreign tables, with the columns and constraints that they start with."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import circles, clauses, foreign, spelling, tables
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.sql.forms import quoted

_METHOD_SINCE = 150000


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    name = clauses.table_name(one)
    if value(one, "kind") == "foreign table":
        return (Piece(clauses.dropped("FOREIGN TABLE", one, world)),)
    whose = "all partitions of " if value(one, "kind") == "partitioned table" else ""
    drop = Piece(clauses.dropped("TABLE", one, world), loses=f"the rows of {whose}{name}")
    return (*_let_go(one, world), drop)


def _let_go(one: SchemaObject, world: World) -> Iterator[Piece]:
    """Yield what breaks a circle of tables: none of them could be dropped first."""
    table = clauses.table_name(one)
    for each in circles.closing(one, world):
        name = quoted(each.identity[2])
        if each.kind == "policy":
            yield Piece(f"DROP POLICY IF EXISTS {name} ON {table}")
        else:
            yield Piece(f"ALTER TABLE IF EXISTS {table} DROP CONSTRAINT IF EXISTS {name}")


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    if clauses.is_made_anew(have, want):
        return None
    changes = (_storage, _options, _parents, _type, _identity, _order)
    return tuple(piece for part in changes for piece in part(have, want, world))


def _changed(have: SchemaObject, want: SchemaObject, attribute: str) -> bool:
    return value(have, attribute) != value(want, attribute)


def _table(one: SchemaObject) -> str:
    kind = "FOREIGN TABLE" if value(one, "kind") == "foreign table" else "TABLE"
    return f"ALTER {kind} {clauses.table_name(one)}"


def _storage(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    if _changed(have, want, "persistence"):
        logged = "UNLOGGED" if value(want, "persistence") == "unlogged" else "LOGGED"
        yield Piece(f"{_table(want)} SET {logged}")
    if _changed(have, want, "access_method"):
        method = quoted(value(want, "access_method"))
        is_old = world.version < _METHOD_SINCE
        reason = "only PostgreSQL 15 and newer can change it" if is_old else ""
        yield Piece(f"{_table(want)} SET ACCESS METHOD {method}", reason=reason)
    if _changed(have, want, "tablespace"):
        space = quoted(value(want, "tablespace") or "pg_default")
        yield Piece(f"{_table(want)} SET TABLESPACE {space}")


def _options(have: SchemaObject, want: SchemaObject, _world: World) -> Iterator[Piece]:
    for form in clauses.changed_settings(value(have, "options"), value(want, "options")):
        yield Piece(f"{_table(want)} {form}")
    yield from foreign.changes(_table(want), have, want, "foreign_options")


def _parents(have: SchemaObject, want: SchemaObject, _world: World) -> Iterator[Piece]:
    before = spelling.listed(value(have, "parents"))
    after = spelling.listed(value(want, "parents"))
    is_rebound = before == after and _changed(have, want, "partition_bound")
    if is_rebound:
        yield Piece(_detached(have, before[0]))
        yield Piece(tables.attached(want, after[0]))
    for parent in before:
        if parent not in after:
            yield _left(have, parent)
    for parent in after:
        if parent not in before:
            yield _joined(want, parent)


def _detached(one: SchemaObject, parent: str) -> str:
    return f"ALTER TABLE {parent} DETACH PARTITION {clauses.table_name(one)}"


def _left(one: SchemaObject, parent: str) -> Piece:
    table = clauses.table_name(one)
    if value(one, "partition_bound"):
        return Piece(
            _detached(one, parent), reason=f"{parent} would no longer show the rows of {table}"
        )
    leave = f"ALTER TABLE {table} NO INHERIT {parent}"
    return Piece(clauses.guarded(tables.is_child(one, parent), leave))


def _joined(one: SchemaObject, parent: str) -> Piece:
    table = clauses.table_name(one)
    if value(one, "partition_bound"):
        reason = f"all rows of {table} would appear in {parent}, and are read under a strong lock"
        return Piece(tables.attached(one, parent), reason=reason)
    return Piece(
        clauses.guarded(f"NOT {tables.is_child(one, parent)}", tables.attached(one, parent))
    )


def _type(have: SchemaObject, want: SchemaObject, _world: World) -> Iterator[Piece]:
    if _changed(have, want, "of_type"):
        of, table = value(want, "of_type"), clauses.relation(clauses.table_name(want))
        typed = f"SELECT FROM pg_catalog.pg_class\nWHERE oid = {table} AND reloftype <> 0"
        freed = clauses.guarded(clauses.exists(typed), f"{_table(want)} NOT OF")
        yield Piece(f"{_table(want)} OF {of}" if of else freed)


def _identity(have: SchemaObject, want: SchemaObject, _world: World) -> Iterator[Piece]:
    if _changed(have, want, "replica_identity"):
        plain = Piece(f"{_table(want)} REPLICA IDENTITY DEFAULT")
        yield from tables.identified(want) or (plain,)


def _order(have: SchemaObject, want: SchemaObject, _world: World) -> Iterator[Piece]:
    before, after = value(have, "column_order"), value(want, "column_order")
    if before != after and sorted(spelling.listed(before)) == sorted(spelling.listed(after)):
        table = clauses.table_name(want)
        yield Piece(
            f"SELECT {after} FROM {table}",
            reason=f"the columns of {table} keep their order: only a new table can have another",
        )


REMEDY = Remedy("table", tables.create, _drop, _alter)
