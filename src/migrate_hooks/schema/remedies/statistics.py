"""Extended statistics."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.schema.spelling import statistics


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    rest = clauses.written(one, "definition").removeprefix("CREATE STATISTICS ")
    made = Piece(f"CREATE STATISTICS IF NOT EXISTS {rest}")
    return (made, _aimed(one)) if value(one, "target") else (made,)


def _aimed(one: SchemaObject) -> Piece:
    name, target = statistics(value(one, "definition")), value(one, "target") or "-1"
    return Piece(f"ALTER STATISTICS {name} SET STATISTICS {target}")


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP STATISTICS IF EXISTS {statistics(value(one, 'definition'))}"),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...]:
    if value(have, "definition") != value(want, "definition"):
        return (*_drop(have, world), *_create(want, world))
    return (_aimed(want),)


REMEDY = Remedy("statistics object", _create, _drop, _alter)
