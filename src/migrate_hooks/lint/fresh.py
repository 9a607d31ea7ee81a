"""Which tables nobody uses yet, and from which statement on: the order of events decides.

A table that is dropped and created again is an old one until the DROP, and new behind the CREATE. A
new table that takes an old one's name stays new, and an old one stays old under its new name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

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
_NOWHERE: Place = (0, 0)


def timeline(done: Iterable[Operation], start: frozenset[Key]) -> Timeline:
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
    files: Iterable[tuple[str, Version | None, Sequence[Operation]]],
) -> dict[str, frozenset[Key]]:
    """Return, for each path of unreleased files, which tables are new before its first statement.

    That is what earlier files leave behind. A table that only a later one creates is new as well:
    the order of the files is wrong then, which is another rule's to tell.
    """
    ordered = sorted(files, key=lambda file: (file[1] is None, file[1] and file[1].key, file[0]))
    before: dict[str, frozenset[Key]] = {}
    first: dict[Key, tuple[int, bool]] = {}
    state: frozenset[Key] = frozenset()
    for number, (path, _, done) in enumerate(ordered):
        before[path] = state
        history = timeline(done, state)
        for key, events in history.items():
            first.setdefault(key, (number, events[0][1]))
        state = frozenset(key for key, events in history.items() if events[-1][1])
    return {
        path: before[path] | {key for key, (at, new) in first.items() if new and at > number}
        for number, (path, _, _) in enumerate(ordered)
    }


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
