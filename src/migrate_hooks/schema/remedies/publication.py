"""Publications; what they publish is added and removed by itself."""

from collections.abc import Iterator, Mapping

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, quoted, value
from migrate_hooks.schema.spelling import unless

_GENERATED_SINCE = 180000
_USUAL = {
    "operations": "insert, update, delete, truncate",
    "via_root": "false",
    "generated_columns": "none",
}

_Values = Mapping[str, str | None]


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    what = " FOR ALL TABLES" if value(one, "all_tables") == "true" else ""
    said = ", ".join(_said(_USUAL, dict(one.attributes), _options(one, world)))
    options = f" WITH ({said})" if said else ""
    sql = f"CREATE PUBLICATION {quoted(one.identity[0])}{what}{options}"
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
    found = _said(dict(have.attributes), dict(want.attributes), _options(want, world))
    said = ", ".join(found)
    return (Piece(f"ALTER PUBLICATION {quoted(want.identity[0])} SET ({said})"),) if said else ()


def _said(have: _Values, want: _Values, options: Mapping[str, str]) -> Iterator[str]:
    """Yield the options whose values differ."""
    return (said for name, said in options.items() if have.get(name) != want.get(name))


REMEDY = Remedy("publication", _create, _drop, _alter)
