"""What differs between two snapshots; pure."""

from collections.abc import Collection, Iterator, Sequence

from migrate_hooks.model.schema import (
    AttributeChange,
    Change,
    Difference,
    SchemaObject,
    Snapshot,
    Unchecked,
)
from migrate_hooks.schema.severity import RANK, judge

HANG_ON = frozenset({"comment", "security label", "owner", "grant"})
"""Kinds whose identity starts with that of the object that they are about."""

Key = tuple[str, tuple[str, ...]]


def compare(source: Snapshot, target: Snapshot, exposed: Collection[str]) -> tuple[Difference, ...]:
    """Return the differences as seen from `source`, the worst first.

    What either side could not read is not compared. What belongs to a missing or unexpected
    table is part of that table's difference. `exposed` are schemas that clients reach.
    """
    return tuple(sorted(_folded(unfolded(source, target, exposed)), key=_order))


def unfolded(
    source: Snapshot, target: Snapshot, exposed: Collection[str] = ()
) -> tuple[Difference, ...]:
    """Return the differences with each object's own, also where it belongs to a missing table."""
    unread = (*source.unchecked, *target.unchecked)
    here, there = _by_key(source, unread), _by_key(target, unread)
    keys = here.keys() | there.keys()
    found = (_difference(key, here.get(key), there.get(key), exposed) for key in keys)
    return tuple(each for each in found if each)


def _by_key(snapshot: Snapshot, unread: Sequence[Unchecked]) -> dict[Key, SchemaObject]:
    return {
        (each.kind, each.identity): each
        for each in snapshot.objects
        if not any(one.covers(each) for one in unread)
    }


def _difference(
    key: Key, here: SchemaObject | None, there: SchemaObject | None, exposed: Collection[str]
) -> Difference | None:
    if here == there:
        return None
    change = _change(here, there)
    attributes = tuple(_attributes(here, there))
    if change == Change.CHANGED and not attributes:
        return None
    table = next((side.table for side in (here, there) if side), None)
    severity = judge(change, *key, attributes, exposed)
    return Difference(change, *key, attributes, severity, table)


def _change(here: SchemaObject | None, there: SchemaObject | None) -> Change:
    if there is None:
        return Change.MISSING
    return Change.UNEXPECTED if here is None else Change.CHANGED


def _attributes(here: SchemaObject | None, there: SchemaObject | None) -> Iterator[AttributeChange]:
    left = dict(here.attributes) if here else {}
    right = dict(there.attributes) if there else {}
    for name in left | right:
        change = AttributeChange(name, left.get(name), right.get(name))
        if change.source != change.target and not _is_about_members(change):
            yield change


def _is_about_members(change: AttributeChange) -> bool:
    """Say whether an order differs because its members do, which they report themselves."""
    if not change.name.endswith("_order"):
        return False
    left, right = ((side or "").split(", ") for side in (change.source, change.target))
    return sorted(left) != sorted(right)


def _folded(found: Sequence[Difference]) -> list[Difference]:
    """Drop what is missing or unexpected only because the thing it belongs to is."""
    gone = [each for each in found if each.change != Change.CHANGED and each.kind not in HANG_ON]
    tables = {each.identity for each in gone if each.table is None}
    subjects = {each.identity for each in gone}
    return [
        each
        for each in found
        if each.table not in tables
        and not (each.kind in HANG_ON and any(map(subjects.__contains__, starts(each.identity))))
    ]


def starts(identity: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield what an identity may be about: its last part may say who or what kind of remark."""
    yield identity
    yield identity[:-1]


def _order(difference: Difference) -> tuple[object, ...]:
    return (RANK[difference.severity], difference.identity, difference.kind)
