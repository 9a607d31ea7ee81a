"""Aggregates."""

from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import subjects
from migrate_hooks.schema.remedy import Piece, Remedy, World, literal, value
from migrate_hooks.schema.spelling import operator, qualified, routine

_FUNCTIONS = {
    "transition": "SFUNC",
    "final": "FINALFUNC",
    "combine": "COMBINEFUNC",
    "serialize": "SERIALFUNC",
    "deserialize": "DESERIALFUNC",
    "moving_transition": "MSFUNC",
    "moving_inverse": "MINVFUNC",
    "moving_final": "MFINALFUNC",
}
_TYPES = {"state": "STYPE", "moving_state": "MSTYPE"}
_VALUES = {"initial": "INITCOND", "moving_initial": "MINITCOND"}
_NOT_REPLACED = ("kind", "parameters", "returns")


def _create(one: SchemaObject, world: World) -> tuple[Piece, ...]:
    return (_define(one), *subjects.closing(one, world))


def _define(one: SchemaObject) -> Piece:
    name, parameters = qualified(*one.identity[:2]), value(one, "parameters") or "*"
    parts = ",\n    ".join(_parts(one))
    return Piece(f"CREATE OR REPLACE AGGREGATE {name}({parameters}) (\n    {parts}\n)")


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    *name, arguments = one.identity
    word = "AGGREGATE" if value(one, "kind") == "normal" and arguments != "()" else "ROUTINE"
    return (Piece(f"DROP {word} IF EXISTS {qualified(*name)}{arguments}"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    if any(value(have, name) != value(want, name) for name in _NOT_REPLACED):
        return None
    return (_define(want),)


def _parts(one: SchemaObject) -> Iterator[str]:
    said = {name: text for name, text in one.attributes if text is not None}
    yield from (
        f"{word} = {routine(said[name])[0]}" for name, word in _FUNCTIONS.items() if name in said
    )
    yield from (f"{word} = {said[name]}" for name, word in _TYPES.items() if name in said)
    yield from (f"{word} = {literal(said[name])}" for name, word in _VALUES.items() if name in said)
    if said.get("final_extra") == "true":
        yield "FINALFUNC_EXTRA"
    if "sort_operator" in said:
        yield f"SORTOP = OPERATOR({operator(said['sort_operator'])})"
    if said.get("parallel", "unsafe") != "unsafe":
        yield f"PARALLEL = {said['parallel'].upper()}"
    if said.get("kind") == "hypothetical-set":
        yield "HYPOTHETICAL"


REMEDY = Remedy("aggregate", _create, _drop, _alter)
