"""Rewrite rules."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.sql.forms import quoted


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    rest = clauses.written(one, "definition").removeprefix("CREATE RULE ").strip().removesuffix(";")
    made = Piece(f"CREATE OR REPLACE RULE {rest}")
    return (made,) if value(one, "enabled") == "origin" else (made, _fired(one))


def _fired(one: SchemaObject) -> Piece:
    form = clauses.ENABLED[value(one, "enabled")]
    name = quoted(one.identity[2])
    return Piece(f"ALTER TABLE {clauses.table_name(one)} {form} RULE {name}")


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    name, table = quoted(one.identity[2]), clauses.table_name(one)
    return (Piece(f"DROP RULE IF EXISTS {name} ON {table}"),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    made = _create(want, world) if value(have, "definition") != value(want, "definition") else ()
    is_same = value(have, "enabled") == value(want, "enabled")
    return made if is_same else (*made[:1], _fired(want))


REMEDY = Remedy("rule", _create, _drop, _alter)
