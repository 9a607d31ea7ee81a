"""What happens to a column's values when its type changes, as far as types alone can tell; pure.

ALTER COLUMN TYPE uses assignment casts by itself. Where there is none, a person has to say USING.
"""

import re

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.clauses import names
from migrate_hooks.schema.remedy import World, value

_USERS = frozenset({"view", "materialized view", "rule", "policy", "trigger"})
_MODIFIER = re.compile(r"\(([\d, -]+)\)")
_TEXTS = frozenset({"text", "character varying", "character", "name", "citext"})
_WIDER = ("smallint", "integer", "bigint", "numeric")
_WHOLE = _WIDER[:3]
_NUMBERS = frozenset({*_WIDER, "real", "double precision"})
_EXACT = frozenset(
    {
        ("smallint", "real"),
        ("smallint", "double precision"),
        ("integer", "double precision"),
        ("real", "double precision"),
    }
)
_DAY, _PLAIN, _ZONED = "date", "timestamp without time zone", "timestamp with time zone"

_ASSIGNED: dict[tuple[str, str], str] = {
    (_DAY, _PLAIN): "",
    (_DAY, _ZONED): "",
    (_PLAIN, _DAY): "the time of day in {column}",
    (_ZONED, _DAY): "the time of day in {column}",
    (_PLAIN, "time without time zone"): "the day in {column}",
    (_ZONED, "time without time zone"): "the day in {column}",
    ("time without time zone", "time with time zone"): "",
    ("time with time zone", "time without time zone"): "the time zone in {column}",
    ("time without time zone", "interval"): "",
    ("json", "jsonb"): "",
    ("jsonb", "json"): "",
    ("cidr", "inet"): "",
    ("inet", "cidr"): "the host part of addresses in {column}",
    ("bit", "bit varying"): "",
    ("bit varying", "bit"): "",
    ("macaddr", "macaddr8"): "",
}
"""Pairs that PostgreSQL converts by itself, with what is gone afterwards."""


def lost(have: str, want: str, column: str, world: World) -> str | None:
    """Return what the values of `column` lose, as the end of "This loses …", "" for nothing.

    None where PostgreSQL does not know by itself how one type becomes the other.
    """
    before, after = _bare(have, world), _bare(want, world)
    if before.endswith("[]") != after.endswith("[]") and after not in _TEXTS:
        return None
    if _base(before) == _base(after):
        return _cut(before, after, column)
    return _converted(_base(before), _base(after), column)


def _bare(type_: str, world: World) -> str:
    """Return a type, or the one that a domain is made of."""
    key = ("domain", names(type_))
    worlds = filter(None, (world, world.other))
    found = next((one for each in worlds if (one := each.objects.get(key))), None)
    if key[1][-1:] == ("citext",):  # wherever its extension was installed
        return "citext"
    return value(found, "type") if found else type_


def _base(type_: str) -> str:
    return _MODIFIER.sub("", type_).removesuffix("[]")


def _converted(have: str, want: str, column: str) -> str | None:
    if want in _TEXTS:
        return ""
    if have in _NUMBERS and want in _NUMBERS:
        return _rounded(have, want, column)
    said = _ASSIGNED.get((have, want))
    return said.format(column=column) if said is not None else None


def _rounded(have: str, want: str, column: str) -> str:
    widened = have in _WIDER and want in _WIDER and _WIDER.index(have) < _WIDER.index(want)
    whole = have in _WHOLE and want in _WHOLE  # a number that does not fit is refused
    kept = widened or whole or (have, want) in _EXACT
    return "" if kept else f"digits of the numbers in {column}"


def _cut(before: str, after: str, column: str) -> str:
    """Return what fewer digits cost: text that is too long is refused, numbers are rounded."""
    have, want = _precision(before), _precision(after)
    if _base(before) in _TEXTS or want is None or (have is not None and want >= have):
        return ""
    return f"digits of the values in {column}" if not _base(after).startswith("bit") else ""


def _precision(type_: str) -> int | None:
    """Return how many digits a type keeps behind the point, None for as many as there are."""
    found = _MODIFIER.search(type_)
    if found is None:
        return None
    parts = found[1].split(",")
    return int(parts[-1]) if len(parts) > 1 or not type_.startswith("numeric") else 0


def is_built_on(one: SchemaObject, world: World) -> bool:
    """Say whether something new uses a column: beside that no type can be set once more.

    What uses it and stays is dropped and made again around the change.
    """
    before = world.other.objects if world.other else {}
    return any(
        each != before.get((each.kind, each.identity)) and _may_use(each, one)
        for each in world.objects.values()
    )


def _may_use(each: SchemaObject, one: SchemaObject) -> bool:
    column = one.identity[2]
    if each.kind == "column":
        return each.table == one.table and each != one and column in value(each, "generated")
    return each.kind in _USERS and any(column in (text or "") for _, text in each.attributes)
