"""Grants. What an object gives or loses by another statement is seen once that has run."""

from collections.abc import Mapping

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import privileges, subjects
from migrate_hooks.schema.privileges import Holder
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted, value


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    have = privileges.ALL if one.identity[-1] == subjects.OWNER else {}
    return _change(one, have, _held(one), world)


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    want = privileges.ALL if one.identity[-1] == subjects.OWNER else {}
    return _change(one, _held(one), want, world)


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    return _change(want, _held(have), _held(want), world)


def _held(one: SchemaObject) -> dict[str, bool]:
    return privileges.parsed(value(one, "privileges"))


def _change(
    one: SchemaObject, have: Mapping[str, bool], want: Mapping[str, bool], world: World
) -> tuple[Piece, ...]:
    *identity, grantee = one.identity
    has_columns = one.table is not None and tuple(identity[:2]) == one.table
    column = identity.pop() if has_columns and len(identity) > 2 else ""
    subject = subjects.about(tuple(identity), one.table, world)
    who = _role(grantee, tuple(identity), world)
    holder = Holder(f"{subject.granted} {subject.name}", who, quoted(column))
    said = privileges.changes(have, want, holder)
    if who == subjects.UNNAMED:
        said = tuple(map(subjects.as_database_owner, said))
    return tuple(Piece(sql, reason=subject.doubt) for sql in said)


def _role(grantee: str, identity: tuple[str, ...], world: World) -> str:
    """Return a grantee as GRANT writes it."""
    if grantee == subjects.OWNER:
        owner = subjects.owner(identity, world)
        return quoted(owner) if owner else subjects.UNNAMED
    return "PUBLIC" if grantee == "PUBLIC" else quoted(grantee)


REMEDY = Remedy("grant", _create, _drop, _alter)
