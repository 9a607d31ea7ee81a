"""Operators. What the planner is told of one can be changed, and nothing else on every server."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, quoted, value
from migrate_hooks.schema.spelling import listed, operator, routine, unless

_PARTNERS = {"commutator": "COMMUTATOR", "negator": "NEGATOR"}
_ESTIMATES = {"restriction": "RESTRICT", "join_selectivity": "JOIN"}
_SWITCHES = {"hashes": "HASHES", "merges": "MERGES"}
_FIXED = ("function", "returns", *_PARTNERS, *_SWITCHES)


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    sql = f"CREATE OPERATOR {_name(one)} ({', '.join(_parts(one))})"
    return (Piece(unless("duplicate_function", sql)),)


def _name(one: SchemaObject) -> str:
    return f"{quoted(one.identity[0])}.{one.identity[1]}"


def _parts(one: SchemaObject) -> Iterator[str]:
    left, right = listed(one.identity[2][1:-1])
    yield f"FUNCTION = {routine(value(one, 'function'))[0]}"
    if left != "NONE":
        yield f"LEFTARG = {left}"
    yield f"RIGHTARG = {right}"
    for name, word in _PARTNERS.items():
        if value(one, name):
            yield f"{word} = OPERATOR({operator(value(one, name))})"
    for name, word in _ESTIMATES.items():
        if value(one, name):
            yield f"{word} = {routine(value(one, name))[0]}"
    yield from (word for name, word in _SWITCHES.items() if value(one, name) == "true")


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP OPERATOR IF EXISTS {_name(one)} {one.identity[2]}"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    if any(value(have, name) != value(want, name) for name in _FIXED):
        return None
    said = (
        f"{word} = {routine(value(want, name))[0] or 'NONE'}"
        for name, word in _ESTIMATES.items()
        if value(have, name) != value(want, name)
    )
    return (Piece(f"ALTER OPERATOR {_name(want)} {want.identity[2]} SET ({', '.join(said)})"),)


REMEDY = Remedy("operator", _create, _drop, _alter)
