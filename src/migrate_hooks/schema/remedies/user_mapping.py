"""User mappings, whose passwords are never read."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    reason = "its options, such as user and password, were not read: they have to be filled in"
    return (Piece(f"CREATE USER MAPPING IF NOT EXISTS {_of(one)}", reason=reason),)


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    server, role = one.identity
    sql = f"DROP USER MAPPING IF EXISTS {_of(one)}"
    return (Piece(sql, loses=f"the options, such as a password, of {role} on server {server}"),)


def _alter(_have: SchemaObject, _want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return None


def _of(one: SchemaObject) -> str:
    server, role = one.identity
    return f"FOR {'PUBLIC' if role == 'public' else quoted(role)} SERVER {quoted(server)}"


REMEDY = Remedy("user mapping", _create, _drop, _alter)
