"""Which tables nobody uses yet, and from which statement on: the order of events decides.

A table that is dropped and created again is an old one until the DROP, and new behind the CREATE. A
new table that takes an old one's name stays new, and an old one stays old under its new name.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from migrate_hooks.model.migration import Version
from migrate_hooks.sql.operations import Operation

Key = tuple[str, str]
"""(schema, table), where no schema means public."""

Place = tuple[int, int]
"""(line, column)"""

Timeline = Mapping[Key, Sequence[tuple[Place, bool]]]
"""For each table, in order: from which place on it is new, or is not."""

MAKERS = frozenset({"CREATE TABLE", "CREATE TABLE AS", "SELECT INTO", "CREATE FOREIGN TABLE"})
_GONE = frozenset({"DROP TABLE", "DROP MATVIEW", "DROP FOREIGN TABLE"})
_RENAMES = frozenset({"RENAME TABLE", "RENAME MATVIEW", "RENAME FOREIGN_TABLE"})
_WORD = re.compile(r"[\w$]+")
_UNDERSCORE = re.compile("_")
_NOWHERE: Place = (0, 0)


def timeline(done: Iterable[Operation], start: AbstractSet[Key]) -> Timeline:
    """Return what becomes of each table in one file; `start` are those that are new before it."""
    found: dict[Key, list[tuple[Place, bool]]] = {key: [(_NOWHERE, True)] for key in start}
    for one in done:
        for place, key, is_new in _events(one, found):
            found.setdefault(key, []).append((place, is_new))
    return found


def is_new(history: Timeline, key: Key, place: Place) -> bool:
    """Return whether nobody can use a table at a place of the file."""
    past = [state for since, state in history.get(key, ()) if since <= place]
    return bool(past) and past[-1]


def starts(
    files: Iterable[tuple[str, Version | None, str, Sequence[Operation]]],
) -> dict[str, frozenset[Key]]:
    """Return, for each path of unreleased files, which tables are new before its first statement.

    Files are (path, version, text, operations). Only tables that the text names are told: all of
    them for each file would be a million for a thousand files. New is what earlier files leave
    behind. A table that only a later one creates is new as well: the order of the files is wrong
    then, which is another rule's to tell.
    """
    ordered = sorted(files, key=lambda file: (file[1] is None, file[1] and file[1].key, file[0]))
    first: dict[Key, tuple[int, bool]] = {}
    left: dict[Key, list[tuple[int, bool]]] = {}
    state: set[Key] = set()
    for number, (_, _, _, done) in enumerate(ordered):
        for key, events in timeline(done, state.intersection(one.key for one in done)).items():
            first.setdefault(key, (number, events[0][1]))
            left.setdefault(key, []).append((number, events[-1][1]))
            (state.add if events[-1][1] else state.discard)(key)

    def is_new_before(number: int, key: Key) -> bool:
        earlier = [is_left for at, is_left in left[key] if at < number]
        at, is_created = first[key]
        return any(earlier[-1:]) or (is_created and at > number)

    named = _by_name(first)
    return {
        path: frozenset(key for key in named(text) if is_new_before(number, key))
        for number, (path, _, text, _) in enumerate(ordered)
    }


def _by_name(keys: Iterable[Key]) -> Callable[[str], Iterator[Key]]:
    """Return what finds the tables that a text names, or that an index in it is named after."""
    plain: dict[str, list[Key]] = {}
    for key in keys:
        plain.setdefault(key[1], []).append(key)
    odd = [name for name in plain if not _WORD.fullmatch(name)]

    def named(text: str) -> Iterator[Key]:
        words = {*_WORD.findall(text), *_WORD.findall(text.lower())}
        parts = {word[: end.start()] for word in words for end in _UNDERSCORE.finditer(word)}
        found = {*words, *parts, *(name for name in odd if name in text)}
        return (key for name in plain.keys() & found for key in plain[name])

    return named


def _events(one: Operation, history: Timeline) -> Iterator[tuple[Place, Key, bool]]:
    """Yield what an operation makes new or old; what takes a name away does so behind itself."""
    here, behind = (one.line, one.column), (one.line, one.column + 1)
    if one.kind in MAKERS:
        yield here, one.key, True
    elif one.kind in _GONE:
        yield behind, one.key, False
    elif one.kind in _RENAMES or one.kind == "SET SCHEMA":
        schema, name = one.key
        moved = one.kind == "SET SCHEMA"
        other = (one.node.newschema, name) if moved else (schema, one.node.newname)
        new = is_new(history, one.key, here)
        yield behind, one.key, False
        yield behind, other, new
