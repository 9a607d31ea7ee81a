"""Security labels, which only a provider in the server's memory can accept."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import subjects
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, quoted, value


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return _label(one, world, literal(value(one, "text")))


def _drop(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return _label(one, world, "NULL")


def _alter(_have: SchemaObject, want: SchemaObject, world: World) -> tuple[Piece, ...] | None:
    return _create(want, world)


def _label(one: SchemaObject, world: World, text: str) -> tuple[Piece, ...]:
    *identity, provider = one.identity
    subject = subjects.about(tuple(identity), one.table, world)
    reason = subject.doubt or (
        f"only the label provider {provider} can accept it, and a scratch server has not loaded it"
    )
    sql = f"SECURITY LABEL FOR {quoted(provider)} ON {subject} IS {text}"
    return (Piece(sql, reason=reason),)


REMEDY = Remedy("security label", _create, _drop, _alter)
