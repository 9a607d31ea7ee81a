"""Composite types. A field that a table's column holds cannot change its type."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import subjects
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.schema.spelling import headed, listed, qualified, unless


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    sql = f"CREATE TYPE {qualified(*one.identity)} AS ({value(one, 'fields')})"
    return (Piece(unless("duplicate_object", sql)), *subjects.closing(one, world))


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP TYPE IF EXISTS {qualified(*one.identity)}"),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    """Fields are added at the end only: any other order takes a new type."""
    old, new = _fields(have), _fields(want)
    stay = [name for name in old if name in new]
    if [*stay, *(name for name in new if name not in old)] != list(new):
        return None
    return tuple(_changes(want, old, new, _is_typing(want, world)))


def _fields(one: SchemaObject) -> dict[str, str]:
    """Return {name as SQL writes it: type}."""
    return dict(map(headed, listed(value(one, "fields"))))


def _is_typing(one: SchemaObject, world: World) -> bool:
    """Return whether a table is OF this type, and so has to change with it."""
    name = qualified(*one.identity)
    return any(
        each.kind == "table" and value(each, "of_type") == name for each in world.objects.values()
    )


def _changes(
    one: SchemaObject, old: dict[str, str], new: dict[str, str], typing: bool
) -> Iterator[Piece]:
    name, tail = qualified(*one.identity), " CASCADE" if typing else ""
    for field in (field for field in old if field not in new):
        sql = f"ALTER TYPE {name} DROP ATTRIBUTE IF EXISTS {field}{tail}"
        yield Piece(sql, loses=f"field {field} of every value of type {name}")
    for field, type_ in new.items():
        if field not in old:
            sql = f"ALTER TYPE {name} ADD ATTRIBUTE {field} {type_}{tail}"
            yield Piece(unless("duplicate_column", sql))
        elif old[field] != type_:
            yield Piece(f"ALTER TYPE {name} ALTER ATTRIBUTE {field} TYPE {type_}{tail}")


REMEDY = Remedy("composite type", _create, _drop, _alter)
