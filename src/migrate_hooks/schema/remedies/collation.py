"""Collations. Nothing of one can be changed: indexes are sorted by it."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, value
from migrate_hooks.schema.spelling import qualified


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    name, parts = qualified(*one.identity), ", ".join(_parts(one))
    return (Piece(f"CREATE COLLATION IF NOT EXISTS {name} ({parts})"),)


def _parts(one: SchemaObject) -> Iterator[str]:
    locale, ctype = value(one, "locale"), value(one, "ctype")
    yield f"PROVIDER = {value(one, 'provider')}"
    if ctype in ("", locale):
        yield f"LOCALE = {literal(locale)}"
    else:
        yield f"LC_COLLATE = {literal(locale)}"
        yield f"LC_CTYPE = {literal(ctype)}"
    if value(one, "deterministic") == "false":
        yield "DETERMINISTIC = false"
    if value(one, "rules"):
        yield f"RULES = {literal(value(one, 'rules'))}"


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP COLLATION IF EXISTS {qualified(*one.identity)}"),)


def _alter(_have: SchemaObject, _want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return None


REMEDY = Remedy("collation", _create, _drop, _alter)
