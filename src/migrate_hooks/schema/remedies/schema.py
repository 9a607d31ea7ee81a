"""Schemas; what is in one is made and removed by itself."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"CREATE SCHEMA IF NOT EXISTS {quoted(one.identity[0])}"),)


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP SCHEMA IF EXISTS {quoted(one.identity[0])}"),)


def _alter(_have: SchemaObject, _want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return None


REMEDY = Remedy("schema", _create, _drop, _alter)
