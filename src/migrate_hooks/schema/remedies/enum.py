"""Enums. PostgreSQL can add a label and rename one; to take or move one takes another type."""

from collections.abc import Iterator, Sequence

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import subjects
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted, value
from migrate_hooks.schema.spelling import listed, qualified, unless


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return (Piece(unless("duplicate_object", _made(one))), *subjects.closing(one, world))


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP TYPE IF EXISTS {qualified(*one.identity)}"),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    old, new = _labels(have), _labels(want)
    if [label for label in new if label in old] == list(old):
        return tuple(_added(want, old, new, world))
    return tuple(_replaced(have, want, world))


def _made(one: SchemaObject) -> str:
    return f"CREATE TYPE {qualified(*one.identity)} AS ENUM ({value(one, 'labels')})"


def _labels(one: SchemaObject) -> tuple[str, ...]:
    """Return the labels as literals, which is all that is ever done with them."""
    return listed(value(one, "labels"))


def _added(
    one: SchemaObject, old: Sequence[str], new: Sequence[str], world: World
) -> Iterator[Piece]:
    name = qualified(*one.identity)
    for place, label in enumerate(new):
        if label in old:
            continue
        where = f" AFTER {new[place - 1]}" if place else f" BEFORE {old[0]}" if old else ""
        sql = f"ALTER TYPE {name} ADD VALUE IF NOT EXISTS {label}{where}"
        # Until the transaction that adds it has ended nothing else may say the label.
        yield Piece(sql, alone=_is_said(f"{label}::{name}", world))


def _is_said(text: str, world: World) -> bool:
    return any(
        found is not None and text in found
        for one in world.objects.values()
        for _, found in one.attributes
    )


def _replaced(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    """Yield the way round: another type of the same name, to which every column changes."""
    gone = [label for label in _labels(have) if label not in _labels(want)]
    name, old = qualified(*have.identity), f"{have.identity[1]}_before"
    there = world.other or world
    reason = (
        f"PostgreSQL cannot {'remove' if gone else 'move'} a label of {name}: a new type has to "
        "take its place, every table with a column of it is rewritten while nobody can use it, and "
        + (f"that fails where a row holds {' or '.join(gone)}" if gone else "rows sort otherwise")
    )
    steps = (
        f"ALTER TYPE {name} RENAME TO {quoted(old)}",
        _made(want),
        *(sql for column in _columns(name, there) for sql in _retyped(column, world)),
        f"DROP TYPE {qualified(have.identity[0], old)}",
    )
    yield from (Piece(sql, reason=reason) for sql in steps)


def _columns(name: str, world: World) -> Iterator[SchemaObject]:
    for one in world.objects.values():
        if one.kind == "column" and value(one, "type") in (name, f"{name}[]"):
            yield one


def _retyped(column: SchemaObject, world: World) -> Iterator[str]:
    altered = f"ALTER TABLE {qualified(*column.identity[:2])} ALTER COLUMN "
    name, type_ = quoted(column.identity[2]), value(column, "type")
    wanted = world.objects.get(("column", column.identity))
    default = value(wanted, "default") if wanted else ""
    array = "[]" if type_.endswith("[]") else ""
    if value(column, "default"):
        yield f"{altered}{name} DROP DEFAULT"
    yield f"{altered}{name} TYPE {type_} USING {name}::text{array}::{type_}"
    if default:
        yield f"{altered}{name} SET DEFAULT {default}"


REMEDY = Remedy("enum", _create, _drop, _alter)
