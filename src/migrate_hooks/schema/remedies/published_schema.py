"""Schemas of publications."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted
from migrate_hooks.schema.spelling import unless


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(unless("duplicate_object", _changed(one, "ADD"))),)


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    ends = zip(("schema", "publication"), one.identity, strict=True)
    if world.other and any((kind, (name,)) not in world.other.objects for kind, name in ends):
        return ()  # whichever goes takes this along
    return (Piece(unless("undefined_object", _changed(one, "DROP"))),)


def _alter(_have: SchemaObject, _want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return None


def _changed(one: SchemaObject, verb: str) -> str:
    schema, publication = map(quoted, one.identity)
    return f"ALTER PUBLICATION {publication} {verb} TABLES IN SCHEMA {schema}"


REMEDY = Remedy("published schema", _create, _drop, _alter)
