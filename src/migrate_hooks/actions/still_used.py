"""What a push drops or renames, and where the code that is deployed now still says its name.

The old code runs until the new one is out, and sometimes beside it. A word is searched, not a use:
what is found is a warning, and a word that stands everywhere is not listed.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from shlex import quote

from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import some
from migrate_hooks.outside import git_search
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation, operations
from migrate_hooks.sql.parse import names

_SHOWN = 5
_MANY = 50
_SHORTEST = 3
_COMMON = """
    active address amount body code content count created created_at data date description email
    end enabled error events file first_name id image index items key kind label last_name link
    message metadata name note notes number options order owner password path phone position
    price public role settings size slug source start state status tag tags test text time title
    token total type updated updated_at url user user_id users uuid value values version
"""
"""Words that stand in any program, whatever its tables are called."""

_FAMILIES = {
    "table": "table",
    "view": "table",
    "materialized view": "table",
    "function": "function",
    "aggregate": "function",
    "type": "type",
    "domain": "type",
}
"""What takes whose place: code does not see whether it reads a table or a view of that name."""

_WHOLE = frozenset(
    {
        "AGGREGATE",
        "DOMAIN",
        "FOREIGN TABLE",
        "FUNCTION",
        "MATVIEW",
        "PROCEDURE",
        "ROUTINE",
        "TABLE",
        "TYPE",
        "VIEW",
    }
)
_OF_COLUMNS = ("RENAME COLUMN", "RENAME ATTRIBUTE")

Key = tuple[str, str, str]
"""(family, the table of a column or "", name)."""

Hits = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Lost:
    """A name that stops to be there: what was done to what, for a sentence, and where."""

    name: str
    said: str
    place: FilePlace


def findings(
    settings: Settings, old_oid: str, migrations: Sequence[Migration]
) -> tuple[Finding, ...]:
    """Return a warning for each name that `migrations` take away and the commit `old_oid` says.

    Files beside the migrations are not searched: they are history.
    """
    gone = lost(migrations)
    if not gone:
        return ()
    folder = _folder(migrations[0].path)
    by_word: dict[str, list[Lost]] = defaultdict(list)
    for one in gone:
        by_word[one.name].append(one)
    there = settings.root, old_oid
    rare = [word for word in by_word if not _is_common(word)]
    hits = _hits(git_search.words(*there, rare, folder), rare)
    found = (
        _finding(one, hits[word], old_oid, folder)
        for word, those in by_word.items()
        for one in those
        if hits[word] or (_is_common(word) and git_search.is_said(*there, word, folder))
    )
    return tuple(found)


def lost(migrations: Sequence[Migration]) -> tuple[Lost, ...]:
    """Return what is dropped or renamed and does not come back under the same name.

    What these migrations made themselves is not deployed anywhere, so it does not count.
    """
    gone: dict[Key, Lost] = {}
    fresh: set[Key] = set()
    for migration in migrations:
        for operation in operations(migration.up.statements):
            for key, said in _taken(operation):
                if key not in fresh:
                    gone[key] = Lost(key[2], said, FilePlace(migration.path, operation.line))
            made = set(_made(operation))
            fresh |= made - gone.keys()
            gone = {key: one for key, one in gone.items() if key not in made}
    return tuple(gone.values())


def _taken(operation: Operation) -> Iterator[tuple[Key, str]]:
    """Yield what an operation takes away, and that in words."""
    node, table = operation.node, operation.spelled
    if operation.kind == "ALTER TABLE DropColumn":
        yield ("column", operation.table, node.name), f"drops column {node.name} of {table}"
    elif operation.kind in _OF_COLUMNS:
        key = ("column", operation.table, node.subname)
        yield key, f"renames column {node.subname} of {table} to {node.newname}"
    verb, _, what = operation.kind.partition(" ")
    if what in _WHOLE and verb == "RENAME":
        yield from _named("rename_stmt", node, f"renames {{}} to {node.newname}")
    elif what in _WHOLE and verb == "DROP":
        yield from _named("drop_stmt", node, "drops {}")


def _named(tree: str, node: object, said: str) -> Iterator[tuple[Key, str]]:
    for found, (kind, _, name) in objects.named(tree, node):
        if found == "touched" and kind in _FAMILIES and name:
            yield (_FAMILIES[kind], "", name), said.format(f"{kind} {name}")


def _made(operation: Operation) -> Iterator[Key]:
    if operation.kind == "ALTER TABLE AddColumn":
        column = objects.unwrapped(getattr(operation.node, "def"))[1].colname
        yield "column", operation.table, column
    elif operation.kind in _OF_COLUMNS:
        yield "column", operation.table, operation.node.newname
    read = names(operation.statement.text)
    for kind, _, name in read.created if read else ():
        if kind in _FAMILIES:
            yield _FAMILIES[kind], "", name


def _folder(path: str) -> str:
    """Return the folder of migrations that a migration's file stands in, or in a folder of it."""
    parent = PurePosixPath(path).parent
    return (parent.parent if PurePosixPath(path).name == "migration.sql" else parent).as_posix()


def _is_common(word: str) -> bool:
    return len(word) < _SHORTEST or word in _COMMON.split()


def _hits(found: Sequence[tuple[str, int, str]], words: Sequence[str]) -> Mapping[str, Hits]:
    """Sort what was found by the word that stands there; one line may have several."""
    hits: dict[str, list[tuple[str, int]]] = {word: [] for word in words}
    sought = {word: re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in words}
    for path, line, text in found:
        for word, pattern in sought.items():
            if pattern.search(text):
                hits[word].append((path, line))
    return defaultdict(list, hits)


def _finding(one: Lost, hits: Hits, commit: str, folder: str) -> Finding:
    search = f"git grep -nw {quote(one.name)} {commit[:8]} -- {quote(f':!{folder}')}"
    if not hits or len(hits) > _MANY:
        found = f"stands in {len(hits)} lines" if hits else "is a word of every program"
        message = f"{one.said}, and whether the code that is deployed now uses it was not looked "
        message += f"through: {one.name} {found}."
        hint = f"Look yourself: {search}"
    else:
        shown = some([f"{path}:{line}" for path, line in hits], _SHOWN)
        message = f"{one.said}, and the code that is deployed now says {one.name}: {shown}. "
        message += "It runs until the new code is out, and will not find it."
        hint = f"Deploy code without it first, and let this follow. Search: {search}"
    return Finding("push/still-used", Severity.WARNING, message, one.place, hint)
