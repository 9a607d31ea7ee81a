"""Range types. Nothing of one can be changed."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import subjects
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.schema.spelling import qualified, routine, unless


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    name = qualified(*one.identity)
    sql = f"CREATE TYPE {name} AS RANGE ({', '.join(_parts(one))})"
    reason = ""
    if value(one, "canonical"):
        reason = (
            f"{value(one, 'canonical')} has to be written in C, and between an empty CREATE TYPE "
            f"{name} and this one"
        )
    made = Piece(unless("duplicate_object", sql), reason=reason)
    return (made, *subjects.closing(one, world))


def _parts(one: SchemaObject) -> Iterator[str]:
    yield f"SUBTYPE = {value(one, 'subtype')}"
    yield f"SUBTYPE_OPCLASS = {value(one, 'operator_class')}"
    if value(one, "canonical"):
        yield f"CANONICAL = {routine(value(one, 'canonical'))[0]}"
    if value(one, "difference"):
        yield f"SUBTYPE_DIFF = {routine(value(one, 'difference'))[0]}"
    yield f"MULTIRANGE_TYPE_NAME = {value(one, 'multirange')}"


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP TYPE IF EXISTS {qualified(*one.identity)}"),)


def _alter(_have: SchemaObject, _want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return None


REMEDY = Remedy("range type", _create, _drop, _alter)
