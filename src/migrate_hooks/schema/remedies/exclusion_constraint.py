"""Exclusion constraints, whose index PostgreSQL builds only together with them."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses, constraining
from migrate_hooks.schema.remedy import Piece, Remedy, World


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (constraining.unless_there(one, clauses.written(one, "definition")),)


def _alter(_have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (constraining.replaced(want, clauses.written(want, "definition")),)


REMEDY = Remedy("exclusion constraint", _create, constraining.drop, _alter, with_table=True)
