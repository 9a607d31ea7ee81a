"""Whose an operator or support function is: a snapshot knows only the family.

What a class brings along is made and removed with it; the rest is added to the family by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import World, value
from migrate_hooks.schema.spelling import listed, operator, qualified, routine

_BY_TYPE = frozenset({"btree", "hash"})
"""Methods whose operators and functions work on the type of a class, or on two of them."""


@dataclass(frozen=True, slots=True)
class Member:
    """An OPERATOR or FUNCTION (`word`) of a family; `types` are () where nothing says them."""

    word: str
    number: str
    name: str
    arguments: tuple[str, ...]
    types: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.word} {self.number} {self.name}({', '.join(self.arguments)})"


def members(family: SchemaObject) -> tuple[Member, ...]:
    """Return everything in an operator family."""
    method = family.identity[2]
    return (
        *(_operator(each) for each in listed(value(family, "operators"))),
        *(_function(each, method) for each in listed(value(family, "functions"))),
    )


def _operator(text: str) -> Member:
    number, _, signature = text.partition(" ")
    types = listed(routine(signature)[1][1:-1])
    return Member("OPERATOR", number, operator(signature), types, types)


def _function(text: str, method: str) -> Member:
    number, _, signature = text.partition(" ")
    name, listing = routine(signature)
    arguments = listed(listing[1:-1])
    return Member("FUNCTION", number, name, arguments, _types(method, number, arguments))


def _types(method: str, number: str, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Return what a support function is for, as far as its arguments say it."""
    if (method, number) == ("btree", "1"):
        return arguments
    if (method, number) == ("btree", "3"):  # in_range: value, base, offset and two switches
        return arguments[0], arguments[2]
    if method == "hash" and number in ("1", "2"):
        return arguments[0], arguments[0]
    return ()


def of_class(one: SchemaObject, world: World) -> tuple[Member, ...]:
    """Return what belongs to an operator class of this world."""
    family = _family(one, world)
    return (
        tuple(each for each in members(family) if owner(each, family, world) == one)
        if family
        else ()
    )


def owner(member: Member, family: SchemaObject, world: World) -> SchemaObject | None:
    """Return the class that brings a member along, or None for one of the family's own."""
    classes = [one for one in world.objects.values() if _is_in(one, family)]
    if family.identity[2] not in _BY_TYPE or not member.types:
        return classes[0] if len(classes) == 1 else None
    fitting = (one for one in classes if set(member.types) == {value(one, "type")})
    return next(fitting, None)


def _is_in(one: SchemaObject, family: SchemaObject) -> bool:
    return (
        one.kind == "operator class"
        and one.identity[2] == family.identity[2]
        and value(one, "family") == qualified(*family.identity[:2])
    )


def _family(one: SchemaObject, world: World) -> SchemaObject | None:
    families = (each for each in world.objects.values() if each.kind == "operator family")
    return next((each for each in families if _is_in(one, each)), None)


def unshared(family: SchemaObject, world: World) -> Iterator[Member]:
    """Yield what no class makes that is not there as it is on the other side already."""
    for member in members(family):
        found = owner(member, family, world)
        if found is None or _is_on_both_sides(found, world):
            yield member


def _is_on_both_sides(one: SchemaObject, world: World) -> bool:
    return world.other is not None and world.other.objects.get((one.kind, one.identity)) == one
