"""What brings a database from one state to another, object by object, in a first order; pure.

The order is by kind alone. What really has to come first is found by trying (`drift_route`).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from migrate_hooks.model.schema import Change, Difference, SchemaObject, Snapshot
from migrate_hooks.registry import collect
from migrate_hooks.schema import compare
from migrate_hooks.schema.compare import HANG_ON
from migrate_hooks.schema.remedy import Key, Piece, Remedy, World, world

# What is built on comes before what is built on it; removed in the opposite order.
_ORDER = (
    "schema",
    "default privilege",  # what is made behind it gets what it gives, the second time as the first
    "extension",
    "collation",
    "foreign data wrapper",
    "foreign server",
    "user mapping",
    "enum",
    "composite type",
    "domain",
    "range type",
    "sequence",
    "text search dictionary",
    "text search configuration",
    "function",
    "aggregate",
    "operator family",
    "operator",
    "operator class",
    "cast",
    "table",
    "column",
    "primary key",
    "unique constraint",
    "exclusion constraint",
    "check constraint",
    "index",
    "foreign key",
    "statistics object",
    "view",
    "materialized view",
    "rule",
    "trigger",
    "event trigger",
    "row security",
    "policy",
    "publication",
    "published schema",
    "published table",
    "subscription",
    "owner",
    "grant",
    "comment",
    "security label",
)
_RELATIONS = frozenset({"table", "view", "materialized view"})
_NEVER = "migrate-hooks has no statement for this kind of object"


@dataclass(frozen=True, slots=True)
class Step:
    """What one object takes: its pieces run in this order, and other steps' between them.

    `change` is MISSING for one that is made, UNEXPECTED for one that is removed.
    """

    key: Key
    change: Change
    pieces: tuple[Piece, ...]


def steps(have: Snapshot, want: Snapshot, version: int) -> tuple[Step, ...]:
    """Return what makes `want` of `have` on a server of `version`: first removals, then the rest.

    Remarks and grants on what is made are left out: what it comes with is known when it is there.
    """
    found = compare.unfolded(want, have)
    here, there = _worlds(have, want, version)
    coming = parts(_subjects(found, Change.MISSING), found)
    going = parts(_subjects(found, Change.UNEXPECTED), found)
    own = [
        each
        for each in found
        if (each.kind, each.identity) not in going
        and not ((each.kind, each.identity) in coming and _comes_by_itself(each.kind))
        and not _is_order(each)
    ]
    everything = [step for each in own for step in _steps(each, here, there)]
    return tuple(sorted(everything, key=_place))


def differences(have: Snapshot, want: Snapshot) -> tuple[Difference, ...]:
    """Return what is left to do, without the order of columns, which nothing can change."""
    return tuple(each for each in compare.unfolded(want, have) if not _is_order(each))


def goal(have: Snapshot, want: Snapshot, chosen: Iterable[Key]) -> Snapshot:
    """Return `have` with the `chosen` objects as `want` has them, and all that belongs to them.

    What belongs to an object follows it only where that is made or removed.
    """
    here, there = by_key(have), by_key(want)
    moved = set(chosen)
    whole = {key for key in moved if key[0] not in HANG_ON and (key in here) != (key in there)}
    moved |= parts(whole, (*have.objects, *want.objects))
    kept = {key: one for key, one in here.items() if key not in moved}
    taken = {key: one for key, one in there.items() if key in moved}
    return replace(
        have,
        objects=(*kept.values(), *taken.values()),
        unchecked=(*have.unchecked, *want.unchecked),
    )


def by_key(snapshot: Snapshot) -> Mapping[Key, SchemaObject]:
    """Return the objects of a snapshot by what names them."""
    return {(each.kind, each.identity): each for each in snapshot.objects}


def parts(owners: Collection[Key], objects: Iterable[SchemaObject | Difference]) -> set[Key]:
    """Return which of the objects are a part of one of `owners`, or a remark or grant about one."""
    names = {identity for _, identity in owners}
    relations = {identity for kind, identity in owners if kind in _RELATIONS}
    return {
        (one.kind, one.identity)
        for one in objects
        if (one.table in relations and one.kind not in _RELATIONS)
        or (one.kind in HANG_ON and any(map(names.__contains__, compare.starts(one.identity))))
    }


def _subjects(found: Iterable[Difference], change: Change) -> frozenset[Key]:
    """Return what is made, or removed, that others may belong to."""
    return frozenset(
        (each.kind, each.identity)
        for each in found
        if each.change is change and each.kind not in HANG_ON
    )


def _comes_by_itself(kind: str) -> bool:
    remedy = _remedies().get(kind)
    return kind in HANG_ON or (remedy is not None and remedy.with_table)


def _is_order(each: Difference) -> bool:
    return each.change is Change.CHANGED and {one.name for one in each.attributes} == {
        "column_order"
    }


def _steps(each: Difference, have: World, want: World) -> Iterator[Step]:
    key = (each.kind, each.identity)
    remedy = _remedies().get(each.kind)
    if remedy is None:
        yield Step(key, each.change, (Piece("", reason=_NEVER),))
        return
    here, there = have.objects.get(key), want.objects.get(key)
    altered = remedy.alter(here, there, want) if here and there else None
    if altered is not None:
        yield Step(key, Change.CHANGED, altered)
        return
    if here:
        yield Step(key, Change.UNEXPECTED, remedy.drop(here, have))
    if there:
        yield Step(key, Change.MISSING, remedy.create(there, want))


def _worlds(have: Snapshot, want: Snapshot, version: int) -> tuple[World, World]:
    here, there = (
        replace(world(each.objects, version), unread=frozenset(one.kind for one in each.unchecked))
        for each in (have, want)
    )
    return replace(here, other=there), replace(there, other=here)


def removal(key: Key, have: Snapshot, want: Snapshot, version: int) -> Step | None:
    """Return what removes an object that stays, so that it can be made again; None if nothing."""
    here, _ = _worlds(have, want, version)
    one, remedy = here.objects.get(key), _remedies().get(key[0])
    if one is None or remedy is None:
        return None
    pieces = remedy.drop(one, here)
    return Step(key, Change.UNEXPECTED, pieces)


def _place(step: Step) -> tuple[object, ...]:
    kind, identity = step.key
    rank = _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
    if step.change is Change.UNEXPECTED:
        return 0, -rank, identity
    return 1, rank, step.change is Change.MISSING, identity  # no type changes below what is new


@cache
def _remedies() -> Mapping[str, Remedy]:
    found = collect("migrate_hooks.schema.remedies", "REMEDY", Remedy)
    return {one.kind: one for one in found.values()}
