"""Owners. What is made belongs to the role that makes it, which is right for most."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import subjects
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted, value


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    """Say nothing of what belongs to the owner of the database: whoever runs this most often is."""
    if value(one, "role") == subjects.DATABASE_OWNER:
        return ()
    return _give(one, world)


def _drop(_one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return ()  # what has no owner any more is no longer there


def _alter(_have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    return _give(want, world)


def _give(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    if one.table and one.table != one.identity:
        return ()  # a sequence that a column owns follows its table and may not be given away
    subject = subjects.about(one.identity, one.table, world)
    role = value(one, "role")
    if role == subjects.DATABASE_OWNER:
        sql = subjects.as_database_owner(f"ALTER {subject} OWNER TO {subjects.UNNAMED}")
    else:
        sql = f"ALTER {subject} OWNER TO {quoted(role)}"
    return (Piece(sql, reason=subject.doubt),)


REMEDY = Remedy("owner", _create, _drop, _alter)
