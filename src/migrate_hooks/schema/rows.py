"""One statement for every kind, and objects from the lines that it gives.

A line is what COPY writes: the kind's number, its columns as text, nothing in what is left over.
Lines can be compared without being taken apart, and nearly all of them are equal on both sides.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import MADE_LATER, scope

_ESCAPE = re.compile(r"\\(.)")
_SPECIAL = re.compile(r"[\\\b\f\n\r\t\v]")
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ESCAPES = {char: f"\\{letter}" for letter, char in _ESCAPED.items()} | {"\\": "\\\\"}
_NULL = "\\N"


def statement(kinds: Mapping[int, ObjectKind], version: int, without: Collection[int] = ()) -> str:
    """Return the COPY that reads objects of all `kinds` (by number) from a server of `version`.

    `without` are OIDs of relations to leave out, with all that belongs to them.
    """
    width = _width(kinds.values())
    branches = (_branch(*each, width, version) for each in kinds.items())
    return f"COPY ({scope(without)}{' UNION ALL '.join(branches)}) TO STDOUT"


def presence(kinds: Mapping[int, ObjectKind]) -> str:
    """Return the query for the numbers of those `kinds` of which there may be objects."""
    return " UNION ALL ".join(
        f"SELECT '{number}'{_where_any(kind)}" for number, kind in kinds.items()
    )


def _where_any(kind: ObjectKind) -> str:
    if not kind.recorded_in:
        return ""
    catalog, oid = kind.recorded_in
    users = f" AS o WHERE o.{oid} {MADE_LATER}" if oid else ""
    return f" WHERE EXISTS (SELECT FROM pg_catalog.{catalog}{users})"


def _width(kinds: Iterable[ObjectKind]) -> int:
    return max(len(kind.columns) for kind in kinds)


def _branch(number: int, kind: ObjectKind, width: int, version: int) -> str:
    fitting = [query for since, query in kind.newer if since <= version]
    columns = [f'k."{name}"::text' for name in kind.columns]
    columns += ["''"] * (width - len(columns))
    return f"SELECT '{number}', {', '.join(columns)} FROM ({(fitting or [kind.query])[-1]}) AS k"


def counts(lines: Iterable[bytes]) -> Iterator[tuple[int, int]]:
    """Yield (number of a kind, how many lines are about it)."""
    for number, count in Counter([line[: line.index(b"\t")] for line in lines]).items():
        yield int(number), count


def objects(lines: Iterable[bytes], kinds: Sequence[ObjectKind]) -> Iterator[SchemaObject]:
    """Take lines apart; `kinds` are all kinds, in the order of their numbers."""
    readers = [_reader(kind) for kind in kinds]
    for place, values in _apart(lines):
        yield readers[place](values)


def columns(
    lines: Iterable[bytes], kinds: Sequence[ObjectKind]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the kind of each line and its columns, less those without a value."""
    for place, values in _apart(lines):
        kind = kinds[place]
        named = zip(kind.columns, values, strict=False)
        yield kind.name, {name: value for name, value in named if value is not None}


def lines(
    found: Iterable[tuple[int, Mapping[str, str]]], kinds: Sequence[ObjectKind]
) -> Iterator[bytes]:
    """Yield what the server would have written: of (number of a kind, its `columns`) the line."""
    width = _width(kinds)
    for number, values in found:
        named = [values.get(name) for name in kinds[number].columns]
        parts = [_NULL if value is None else _SPECIAL.sub(_escape, value) for value in named]
        parts += [""] * (width - len(parts))
        yield "\t".join([str(number), *parts]).encode() + b"\n"


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES[found[0]]


def _apart(lines: Iterable[bytes]) -> Iterator[tuple[int, list[str | None]]]:
    for line in lines:
        place, *parts = line.decode().rstrip("\n").split("\t")
        yield int(place), [_value(part) if "\\" in part else part for part in parts]


def _value(part: str) -> str | None:
    if part == _NULL:
        return None
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), part)


def _reader(kind: ObjectKind) -> Callable[[list[str | None]], SchemaObject]:
    size, columns = len(kind.identity), kind.columns
    attributes = [(name, columns.index(name)) for name in kind.attributes]
    owner = itemgetter(*map(columns.index, kind.table)) if kind.table else None

    def read(values: list[str | None]) -> SchemaObject:
        table = owner(values) if owner else None
        return SchemaObject(
            kind.name,
            tuple([part for part in values[:size] if part is not None]),
            tuple([(name, values[place]) for name, place in attributes]),
            table if table and table[0] is not None else None,
        )

    return read
