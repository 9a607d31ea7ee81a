"""Extensions. Which version is installed first is the server's choice, as it is for everybody."""

import re

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, quoted, value


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    schema = quoted(value(one, "installed_in"))
    return (
        Piece(f"CREATE EXTENSION IF NOT EXISTS {quoted(one.identity[0])} WITH SCHEMA {schema}"),
    )


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    name = one.identity[0]
    sql = f"DROP EXTENSION IF EXISTS {quoted(name)}"
    return (Piece(sql, loses=f"what {name} keeps in tables of its own"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    pieces = []
    name, schema = quoted(want.identity[0]), value(want, "installed_in")
    if schema != value(have, "installed_in"):
        pieces.append(Piece(f"ALTER EXTENSION {name} SET SCHEMA {quoted(schema)}"))
    old, new = value(have, "version"), value(want, "version")
    if old != new:
        pieces.append(
            Piece(f"ALTER EXTENSION {name} UPDATE TO {literal(new)}", reason=_doubt(old, new))
        )
    return tuple(pieces)


def _doubt(old: str, new: str) -> str:
    if _order(old) < _order(new):
        return ""
    return f"few extensions have a way back from {old} to {new}"


def _order(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"[0-9]+", version)))


REMEDY = Remedy("extension", _create, _drop, _alter)
