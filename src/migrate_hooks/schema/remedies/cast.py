"""Casts."""

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.schema.spelling import unless

_METHODS = {"by input and output": "WITH INOUT", "without a function": "WITHOUT FUNCTION"}
_CONTEXTS = {"assignment": " AS ASSIGNMENT", "implicit": " AS IMPLICIT"}


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    method = value(one, "method")
    how = _METHODS.get(method, f"WITH FUNCTION {method}")
    when = _CONTEXTS.get(value(one, "context"), "")
    return (Piece(unless("duplicate_object", f"CREATE CAST ({one.identity[0]}) {how}{when}")),)


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP CAST IF EXISTS ({one.identity[0]})"),)


def _alter(_have: SchemaObject, _want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    return None


REMEDY = Remedy("cast", _create, _drop, _alter)
