"""Tables of publications, with the rows and columns that are published."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, value
from migrate_hooks.sql.forms import quoted


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    columns = f" ({value(one, 'columns')})" if value(one, "columns") else ""
    rows = clauses.written(one, "rows")
    only = f" WHERE {clauses.bracketed(rows)}" if rows else ""
    add = f"{_publication(one)} ADD TABLE {clauses.table_name(one)}{columns}{only}"
    return (Piece(clauses.guarded(f"NOT {_is_member(one)}", add)),)


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    remove = f"{_publication(one)} DROP TABLE {clauses.table_name(one)}"
    return (Piece(clauses.guarded(_is_member(one), remove)),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    return (*_drop(have, world), *_create(want, world))


def _publication(one: SchemaObject) -> str:
    return f"ALTER PUBLICATION {quoted(one.identity[2])}"


def _is_member(one: SchemaObject) -> str:
    table = clauses.relation(clauses.table_name(one))
    return clauses.exists(
        f"SELECT FROM pg_catalog.pg_publication_rel AS r\n"
        f"JOIN pg_catalog.pg_publication AS p ON p.oid = r.prpubid\n"
        f"WHERE p.pubname = {literal(one.identity[2])}\n    AND r.prrelid = {table}"
    )


REMEDY = Remedy("published table", _create, _drop, _alter)
