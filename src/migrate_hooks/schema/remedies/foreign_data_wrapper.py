"""Foreign data wrappers that no extension made, which only a superuser can."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import foreign
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted, value
from migrate_hooks.schema.spelling import routine, unless

_FUNCTIONS = ("handler", "validator")


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    words = [f"CREATE FOREIGN DATA WRAPPER {quoted(one.identity[0])}"]
    words += [_function(one, name) for name in _FUNCTIONS if value(one, name)]
    sql = " ".join(words) + foreign.clause(one)
    return (Piece(unless("duplicate_object", sql), reason=foreign.doubt(one)),)


def _function(one: SchemaObject, name: str) -> str:
    found = value(one, name)
    return f"{name.upper()} {routine(found)[0]}" if found else f"NO {name.upper()}"


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP FOREIGN DATA WRAPPER IF EXISTS {quoted(one.identity[0])}"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return tuple(_changes(have, want))


def _changes(have: SchemaObject, want: SchemaObject) -> Iterator[Piece]:
    altered = f"ALTER FOREIGN DATA WRAPPER {quoted(want.identity[0])}"
    functions = (
        Piece(f"{altered} {_function(want, name)}")
        for name in _FUNCTIONS
        if value(have, name) != value(want, name)
    )
    options = foreign.changes(altered, have, want)
    # A validator looks at every option that is there.
    yield from (*options, *functions) if value(want, "validator") else (*functions, *options)


REMEDY = Remedy("foreign data wrapper", _create, _drop, _alter)
