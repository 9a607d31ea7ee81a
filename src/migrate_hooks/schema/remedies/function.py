"""Functions, window functions and procedures."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import routines
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.schema.spelling import qualified


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return _define(one)


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    *name, arguments = one.identity
    return (Piece(f"DROP {routines.word(one)} IF EXISTS {qualified(*name)}{arguments}"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return _define(want) if routines.can_be_replaced(have, want) else None


def _define(one: SchemaObject) -> tuple[Piece, ...]:
    reason = ""
    if value(one, "language") == "c":
        reason = (
            f"only a superuser can create it, and the library {value(one, 'library')} has to be "
            "installed on the server."
        )
    return (Piece(routines.definition(one), reason=reason),)


REMEDY = Remedy("function", _create, _drop, _alter)
