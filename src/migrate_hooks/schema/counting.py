"""The numbers behind a sequence or an identity column, as options of CREATE and ALTER."""

import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields, replace

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema import clauses
from migrate_hooks.schema.remedy import Piece, World, literal, of_table, value
from migrate_hooks.sql.forms import quoted

WHOLE = frozenset({"smallint", "integer", "bigint"})
"""Types of columns whose values a sequence can go on from."""

_HIGHEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}
_IDENTITY = re.compile(
    r"start (-?\d+), increment (-?\d+), from (-?\d+) to (-?\d+), cache (\d+)(, cycle)?"
)
_WORDS = {
    "increment": "INCREMENT BY",
    "minimum": "MINVALUE",
    "maximum": "MAXVALUE",
    "start": "START WITH",
    "cache": "CACHE",
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a sequence counts."""

    increment: int
    minimum: int
    maximum: int
    start: int
    cache: int
    cycle: bool


def usual(type_: str, increment: int) -> Numbers:
    """Return how a sequence counts where only its type and its step are said."""
    highest = _HIGHEST.get(type_, _HIGHEST["bigint"])
    if increment < 0:
        return Numbers(increment, -highest - 1, -1, -1, 1, cycle=False)
    return Numbers(increment, 1, highest, 1, 1, cycle=False)


def of_sequence(one: SchemaObject) -> Numbers:
    """Return the numbers of a sequence of its own."""
    return Numbers(
        int(value(one, "increment")),
        int(value(one, "minimum")),
        int(value(one, "maximum")),
        int(value(one, "start")),
        int(value(one, "cache")),
        value(one, "cycle") == "true",
    )


def of_identity(column: SchemaObject) -> Numbers:
    """Return the numbers of the sequence behind an identity column."""
    found = _IDENTITY.fullmatch(value(column, "identity_options"))
    if found is None:
        return usual(value(column, "type"), 1)
    start, increment, lowest, highest, cache = map(int, found.groups()[:5])
    return Numbers(increment, lowest, highest, start, cache, bool(found[6]))


def made(numbers: Numbers, type_: str) -> tuple[str, ...]:
    """Return the options that CREATE needs, without what goes without saying."""
    plain = usual(type_, numbers.increment)
    step = () if numbers.increment == 1 else (f"INCREMENT BY {numbers.increment}",)
    return (*step, *changed(plain, numbers))


def changed(have: Numbers, want: Numbers) -> tuple[str, ...]:
    """Return the options that ALTER needs."""
    pairs = zip(fields(want), astuple(have), astuple(want), strict=True)
    options = [
        f"{_WORDS[field.name]} {after}"
        for field, before, after in pairs
        if before != after and field.name in _WORDS
    ]
    if have.cycle != want.cycle:
        options.append("CYCLE" if want.cycle else "NO CYCLE")
    return tuple(options)


def restarted(piece: Piece, have: Numbers, want: Numbers) -> Piece:
    """Return a statement that changes numbers; a suggestion where it cannot go on by itself."""
    if want.minimum <= have.start <= want.maximum:
        return piece
    return replace(
        piece,
        sql=f"{piece.sql} RESTART WITH {want.start}",
        reason="where it stands is outside of its new limits: a person must say where it goes on",
    )


def clause(one: SchemaObject) -> str:
    """Return what the definition of an identity column says."""
    options = made(of_identity(one), value(one, "type"))
    counted = f" ({' '.join(options)})" if options else ""
    return f"GENERATED {value(one, 'identity').upper()} AS IDENTITY{counted}"


def begun(one: SchemaObject, world: World) -> Piece:
    """Return what makes an identity of a column, which goes on behind the values that are there.

    A sequence that the column has already would be taken for that of the identity.
    """
    table, name = clauses.table_name(one), quoted(one.identity[2])
    here, column = literal(table), literal(one.identity[2])
    missing = clauses.exists(
        f"SELECT FROM pg_catalog.pg_attribute\n"
        f"WHERE attrelid = {clauses.relation(table)}\n"
        f"    AND attname = {column} AND attidentity = ''"
    )
    forms = f"ALTER COLUMN {name} DROP DEFAULT", f"ALTER COLUMN {name} ADD {clause(one)}"
    sequence = f"pg_catalog.pg_get_serial_sequence({here}, {column})"
    begin = caught_up(one, sequence, of_identity(one))
    freed = (f"ALTER SEQUENCE IF EXISTS {each} OWNED BY NONE" for each in _owned(one, world))
    return Piece(clauses.guarded(missing, *freed, clauses.altered(table, *forms), begin))


def _owned(column: SchemaObject, world: World) -> Iterator[str]:
    """Yield the sequences that a column which is there owns."""
    table = column.identity[0], column.identity[1]
    for one in of_table(world.other, table, "sequence") if world.other else ():
        if clauses.names(value(one, "owned_by")) == column.identity:
            yield clauses.table_name(one)


def caught_up(column: SchemaObject, sequence: str, numbers: Numbers) -> str:
    """Return PL/pgSQL that lets a sequence go on behind the last value of a column, if any."""
    table, name = clauses.table_name(column), quoted(column.identity[2])
    last = "min" if numbers.increment < 0 else "max"
    return (
        f"PERFORM pg_catalog.setval(\n    {sequence}, pg_catalog.{last}({name})\n)\n"
        f"FROM {table} HAVING pg_catalog.count({name}) > 0"
    )
