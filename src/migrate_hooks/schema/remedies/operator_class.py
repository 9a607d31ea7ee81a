"""Operator classes, with the operators and functions that they bring to their family."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import operators
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted, value
from migrate_hooks.schema.spelling import qualified, unless


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    schema, name, method = one.identity
    default = "DEFAULT " if value(one, "is_default") == "true" else ""
    sql = (
        f"CREATE OPERATOR CLASS {qualified(schema, name)} {default}FOR TYPE {value(one, 'type')} "
        f"USING {quoted(method)} FAMILY {value(one, 'family')} AS {', '.join(_items(one, world))}"
    )
    return (Piece(unless("duplicate_object", sql)),)


def _items(one: SchemaObject, world: World) -> Iterator[str]:
    """Yield what the class consists of; without anything the grammar asks for its own type."""
    found = operators.of_class(one, world)
    yield from map(str, found)
    if value(one, "stores") or not found:
        yield f"STORAGE {value(one, 'stores') or value(one, 'type')}"


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    schema, name, method = one.identity
    return (
        Piece(f"DROP OPERATOR CLASS IF EXISTS {qualified(schema, name)} USING {quoted(method)}"),
    )


def _alter(_have: SchemaObject, _want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return None


REMEDY = Remedy("operator class", _create, _drop, _alter)
