"""Triggers; a constraint trigger cannot be replaced and has to go first."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.sql.forms import quoted

_CONSTRAINT = "CREATE CONSTRAINT TRIGGER "


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    definition = clauses.written(one, "definition")
    is_usual = value(one, "enabled") == "origin"
    fired = () if is_usual else (_fired(one),)
    if definition.startswith(_CONSTRAINT):
        return (*_drop(one, world), Piece(definition), *fired)
    rest = definition.removeprefix("CREATE TRIGGER ")
    return (Piece(f"CREATE OR REPLACE TRIGGER {rest}"), *fired)


def _fired(one: SchemaObject) -> Piece:
    form = clauses.ENABLED[value(one, "enabled")]
    name = quoted(one.identity[2])
    return Piece(f"ALTER TABLE {clauses.table_name(one)} {form} TRIGGER {name}")


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    name, table = quoted(one.identity[2]), clauses.table_name(one)
    return (Piece(f"DROP TRIGGER IF EXISTS {name} ON {table}"),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    if value(have, "definition") == value(want, "definition"):
        return (_fired(want),)
    is_constraint = value(have, "definition").startswith(_CONSTRAINT)
    return (*(_drop(have, world) if is_constraint else ()), *_create(want, world))


REMEDY = Remedy("trigger", _create, _drop, _alter)
