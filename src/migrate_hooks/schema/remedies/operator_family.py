"""Operator families, with what no class of theirs brings along."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import operators
from migrate_hooks.schema.operators import Member
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted
from migrate_hooks.schema.spelling import qualified, unless


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    made = Piece(unless("duplicate_object", f"CREATE OPERATOR FAMILY {_name(one)}"))
    return (made, *(_add(one, member) for member in operators.unshared(one, world)))


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP OPERATOR FAMILY IF EXISTS {_name(one)}"),)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    return tuple(_changes(have, want, world))


def _name(one: SchemaObject) -> str:
    return f"{qualified(*one.identity[:2])} USING {quoted(one.identity[2])}"


def _changes(have: SchemaObject, want: SchemaObject, world: World) -> Iterator[Piece]:
    old, new = operators.members(have), operators.members(want)
    removable = operators.unshared(have, world.other) if world.other else iter(old)
    yield from (_remove(want, member) for member in removable if member not in new)
    yield from (
        _add(want, member) for member in operators.unshared(want, world) if member not in old
    )


def _add(one: SchemaObject, member: Member) -> Piece:
    sql = f"ALTER OPERATOR FAMILY {_name(one)} ADD {member}"
    return Piece(unless("duplicate_object", sql))


def _remove(one: SchemaObject, member: Member) -> Piece:
    types = ", ".join(member.types)
    reason = "" if types else f"nothing says for which types {member} is there"
    sql = f"ALTER OPERATOR FAMILY {_name(one)} DROP {member.word} {member.number} ({types})"
    return Piece(unless("undefined_object", sql), reason=reason)


REMEDY = Remedy("operator family", _create, _drop, _alter)
