"""Functions, window functions and procedures."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import routines, subjects
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.schema.spelling import qualified


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return (*_define(one), *subjects.closing(one, world))


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    *name, arguments = one.identity
    word, wanted = routines.word(one), (world.other or world).objects.get((one.kind, one.identity))
    if wanted and routines.word(wanted) != word:
        word = "ROUTINE"  # so that it can run where the function is a procedure already
    return (Piece(f"DROP {word} IF EXISTS {qualified(*name)}{arguments}"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return _define(want) if routines.can_be_replaced(have, want) else None


def _define(one: SchemaObject) -> tuple[Piece, ...]:
    reason = ""
    if value(one, "language") == "c":
        reason = (
            f"only a superuser can create it, and the library {value(one, 'library')} has to be "
            "installed on the server"
        )
    return (Piece(routines.definition(one), reason=reason),)


REMEDY = Remedy("function", _create, _drop, _alter)
