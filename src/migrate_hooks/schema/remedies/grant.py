"""Grants. What an object gives or loses by another statement is seen once that has run."""

from collections.abc import Mapping

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import privileges, subjects
from migrate_hooks.schema.privileges import Holder
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted, value


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return _change(one, _unsaid(one), _held(one), world)


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    # Whoever is to own it: this may run before the owner changes, and once more after that.
    is_owners = one.identity[-1] == subjects.OWNER
    return _change(one, _held(one), _unsaid(one), (is_owners and world.other) or world)


def _unsaid(one: SchemaObject) -> Mapping[str, bool]:
    """Return what a grantee has that nothing is said about: an owner everything."""
    is_owners = one.identity[-1] == subjects.OWNER
    return privileges.ALL if is_owners and not _column(one) else {}


def _alter(have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    return _change(want, _held(have), _held(want), world)


def _held(one: SchemaObject) -> dict[str, bool]:
    return privileges.parsed(value(one, "privileges"))


def _change(
    one: SchemaObject, have: Mapping[str, bool], want: Mapping[str, bool], world: World
) -> tuple[Piece, ...]:
    column, grantee = _column(one), one.identity[-1]
    identity = one.identity[: -2 if column else -1]
    subject = subjects.about(identity, one.table, world)
    who = _role(grantee, identity, world)
    holder = Holder(f"{subject.granted} {subject.name}", who, quoted(column))
    said = privileges.changes(have, want, holder)
    if who == subjects.UNNAMED:
        said = tuple(map(subjects.as_database_owner, said))
    return tuple(Piece(sql, reason=subject.doubt) for sql in said)


def _column(one: SchemaObject) -> str:
    """Return the column that it is about, or ""."""
    is_within = one.table is not None and one.identity[:2] == one.table
    return one.identity[2] if is_within and len(one.identity) > 3 else ""


def _role(grantee: str, identity: tuple[str, ...], world: World) -> str:
    """Return a grantee as GRANT writes it."""
    if grantee == subjects.OWNER:
        owner = subjects.owner(identity, world)
        return quoted(owner) if owner else subjects.UNNAMED
    return "PUBLIC" if grantee == "PUBLIC" else quoted(grantee)


REMEDY = Remedy("grant", _create, _drop, _alter)
