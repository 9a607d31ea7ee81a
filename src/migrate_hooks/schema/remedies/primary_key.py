"""Primary keys; a table has one at most, so another name is a change."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, constraining
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, value
from migrate_hooks.sql.forms import quoted


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    if value(have, "definition") != value(want, "definition"):
        return constraining.by_new_index(have, want, world)
    table, name = clauses.table_name(want), constraining.name(have)
    there = (
        f"EXISTS (SELECT FROM pg_catalog.pg_constraint "
        f"WHERE conrelid = {clauses.relation(table)} AND conname = {literal(name)})"
    )
    rename = f"RENAME CONSTRAINT {quoted(name)} TO {quoted(constraining.name(want))}"
    return (Piece(clauses.guarded(there, f"ALTER TABLE {table} {rename}")),)


REMEDY = Remedy("primary key", constraining.by_index, constraining.drop, _alter, with_table=True)
