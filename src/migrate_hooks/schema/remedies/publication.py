"""Publications; what they publish is added and removed by itself."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, quoted, value
from migrate_hooks.schema.spelling import unless

_GENERATED_SINCE = 180000


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    what = " FOR ALL TABLES" if value(one, "all_tables") == "true" else ""
    said = ", ".join(_options(one, world).values())
    sql = f"CREATE PUBLICATION {quoted(one.identity[0])}{what} WITH ({said})"
    return (Piece(unless("duplicate_object", sql)),)


def _options(one: SchemaObject, world: World) -> dict[str, str]:
    said = {
        "operations": f"publish = {literal(value(one, 'operations'))}",
        "via_root": f"publish_via_partition_root = {value(one, 'via_root')}",
    }
    if world.version >= _GENERATED_SINCE:
        said["generated_columns"] = f"publish_generated_columns = {value(one, 'generated_columns')}"
    return said


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP PUBLICATION IF EXISTS {quoted(one.identity[0])}"),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    if value(have, "all_tables") != value(want, "all_tables"):
        return None
    said = ", ".join(_changed(have, want, world))
    return (Piece(f"ALTER PUBLICATION {quoted(want.identity[0])} SET ({said})"),) if said else ()


def _changed(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[str]:
    for name, said in _options(want, world).items():
        if value(have, name) != value(want, name):
            yield said


REMEDY = Remedy("publication", _create, _drop, _alter)
