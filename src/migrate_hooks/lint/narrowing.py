"""Which types hold less than others, and what becomes of values that do not fit."""

from dataclasses import dataclass
from typing import Any

from migrate_hooks.sql import objects

_SERIALS = {"smallserial": "int2", "serial": "int4", "bigserial": "int8"}
_SERIALS |= {"serial2": "int2", "serial4": "int4", "serial8": "int8"}
_SPELLED = {"int2": "smallint", "int4": "integer", "int8": "bigint", "bool": "boolean"}
_SPELLED |= {"float4": "real", "float8": "double precision", "bpchar": "char"}
_WHOLE = {"int2": 2, "int4": 4, "int8": 8}
_BROKEN = frozenset({"numeric", "float4", "float8", "money"})
_WORDS = frozenset({"text", "varchar", "bpchar"})
_MOMENTS = frozenset({"timestamp", "timestamptz"})
_FAILS = "a value that does not fit makes the migration fail in the middle of the rewrite"


@dataclass(frozen=True, slots=True)
class Type:
    """A column's type: its name in the catalog, and its limits as in (10, 2)."""

    name: str
    limits: tuple[int, ...]
    is_array: bool = False

    @property
    def spelled(self) -> str:
        """The type as people write it, without limits."""
        return _SPELLED.get(self.name, self.name) + "[]" * self.is_array


def of(type_name: Any) -> Type:
    """Return the type that a TypeName of a parse tree means."""
    limits = tuple(
        one.a_const.ival.ival for one in type_name.typmods if one.WhichOneof("node") == "a_const"
    )
    written = objects.name_path(type_name.names)[-1]
    name = _SERIALS.get(written, written)
    return Type(
        name, (limits or (1,)) if name == "bpchar" else limits, bool(type_name.array_bounds)
    )


def loss(old: Type, new: Type) -> str:
    """Return what becomes of values of `old` that `new` cannot hold, or "" where all fit."""
    if old.is_array or new.is_array:
        return ""
    if old.name in _WHOLE and _WHOLE.get(new.name, 8) < _WHOLE[old.name]:
        return _FAILS
    if old.name in _BROKEN and new.name in _WHOLE:
        return "fractions are rounded away for ever, and " + _FAILS
    if (old.name, new.name) == ("float8", "float4"):
        return "digits are lost for ever"
    if old.name in _WORDS and new.name in _WORDS:
        return _of_words(old, new)
    if old.name == new.name == "numeric":
        return _of_numeric(old.limits, new.limits)
    if old.name in _MOMENTS and new.name == "date":
        return "the time of day is lost for ever"
    return ""


def _of_words(old: Type, new: Type) -> str:
    if new.name == "text" or not new.limits or (old.limits and old.limits <= new.limits):
        return ""
    return "a longer value makes the migration fail, or is cut off for ever where USING casts it"


def _of_numeric(old: tuple[int, ...], new: tuple[int, ...]) -> str:
    if not new:
        return ""
    if not old:
        return "digits behind the point are rounded away for ever, and " + _FAILS
    (whole, fraction), (before, behind) = (*new, 0)[:2], (*old, 0)[:2]
    if fraction < behind:
        return "digits behind the point are rounded away for ever"
    return _FAILS if whole - fraction < before - behind else ""
