"""Comments, on whatever kind of object."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import subjects
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, value


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return _say(one, world, literal(value(one, "text")))


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    if world.other and subjects.about(one.identity, one.table, world.other).doubt:
        return ()  # an operator takes it along, whose identity says more
    return _say(one, world, "NULL")


def _alter(_have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    return _create(want, world)


def _say(one: SchemaObject, world: World, text: str) -> tuple[Piece, ...]:
    subject = subjects.about(one.identity, one.table, world)
    return (Piece(f"COMMENT ON {subject} IS {text}", reason=subject.doubt),)


REMEDY = Remedy("comment", _create, _drop, _alter)
