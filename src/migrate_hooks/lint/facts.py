"""What is known about a file and about the world around it, found once for all rules."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from migrate_hooks.lint import fresh, past, shared
from migrate_hooks.lint.fresh import Key, Timeline
from migrate_hooks.lint.neighbours import ALONE, Neighbours
from migrate_hooks.lint.past import Past
from migrate_hooks.lint.shared import Shared
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import Migration, Statement, Version
from migrate_hooks.sql import parse, sections
from migrate_hooks.sql.commented import Revived, revive
from migrate_hooks.sql.operations import Operation, operations
from migrate_hooks.sql.parse import Name, SyntaxProblem
from migrate_hooks.sql.sections import Sections
from migrate_hooks.sql.split import statements

TABLES = frozenset({"table", "materialized view"})
_RELATIONS = TABLES | {"index", "domain"}
_MAKERS = ("CREATE", "ALTER", "SELECT")  # a rename and SELECT INTO make one, too
_HARMLESS = frozenset({"SELECT", "SET", "RESET", "\\"})


@dataclass(frozen=True, slots=True)
class Subject:
    """One file to be judged.

    `problem` says why there is no text ("is binary: ..."), or is "". `version` is what the layout
    reads in its name, `migration` what it reads in its text; each is None where it finds nothing.
    `is_new` tells that no release has seen the file. `up_text` has the size and lines of the file,
    with DOWN blanked; `syntax` says for "UP" and "DOWN" what PostgreSQL's parser refuses.
    `operations` is what UP does, `tables` what becomes of tables that are new, `made` are all that
    are new anywhere in UP; `run` fills them in. `is_gone` tells that the change takes the file
    away; it is as the target branch has it.
    """

    path: str
    version: Version | None
    text: str
    problem: str
    sections: Sections
    migration: Migration | None
    is_new: bool
    up_text: str
    syntax: tuple[tuple[str, SyntaxProblem], ...]
    operations: tuple[Operation, ...] = ()
    made: frozenset[Key] = frozenset()
    tables: Timeline = field(default_factory=dict)
    is_gone: bool = False

    def on_existing(self, one: Operation) -> bool:
        """Return whether an operation meets a table that may have rows and users already."""
        return bool(one.table) and self.is_old(one.key, one)

    def is_old(self, key: Key, when: Operation) -> bool:
        """Return whether a table may have rows and users when an operation is at work."""
        return not fresh.is_new(self.tables, key, (when.line, when.column))

    @property
    def is_blank(self) -> bool:
        """Return whether there is nothing to read."""
        return not self.text.removeprefix("\ufeff").strip()

    @property
    def up(self) -> tuple[Statement, ...]:
        """Return the statements of UP."""
        return self.migration.up.statements if self.migration else ()

    @property
    def down(self) -> tuple[Statement, ...]:
        """Return the statements of DOWN, wherever the layout keeps them."""
        down = self.migration.down if self.migration else None
        return down.statements if down else ()

    @property
    def in_transaction(self) -> bool:
        """Return whether the runner wraps UP in a transaction."""
        return self.migration.up.in_transaction if self.migration else True

    @property
    def last_line(self) -> int:
        """Return the last line with something in it, from 1."""
        return self.text.rstrip().count("\n") + 1

    def marker(self, kind: str) -> tuple[int, int]:
        """Return line and column of the first marker "up" or "down", or the file's start."""
        found = (one for one in self.sections.markers if one.kind == kind)
        return next(((one.line, one.column) for one in found), (1, 1))

    def has_words(self, kind: str) -> bool:
        """Return whether the first section of that kind holds anything, be it a comment."""
        span = self.sections.up if kind == "up" else self.sections.down
        return span is not None and re.search(r"\w", self.text[span.start : span.end]) is not None

    def first_words(self) -> str:
        """Return the first change that UP makes, for a sentence: "CREATE TABLE orders", or "UP"."""
        changes = (one for one in self.up if one.target and one.verb not in _HARMLESS)
        return next((f"{one.verb} {one.target}" for one in changes), "UP")

    def code_below_down(self) -> tuple[Statement, ...]:
        """Return what stands in DOWN as plain SQL, not in comments."""
        spans = (part.span for part in self.sections.parts if part.kind == "down")
        return tuple(found for span in spans for found in statements(self.text, span))


@dataclass(frozen=True, slots=True)
class VersionedFile:
    """A migration of the folder, known by its path and version alone."""

    path: str
    version: Version


@dataclass(frozen=True, slots=True)
class Context:
    """The world around the files of one run.

    `files` are all migrations of the folder, judged or not; `newest` the newest one on the branch
    `target`, None where nothing is released; `shared` what else is there and elsewhere. `down` is
    how much a missing DOWN weighs, None for nothing. `fresh` are the tables and indexes that
    unreleased migrations create, `starts` says for each of their paths which tables are new before
    it. `supabase` tells that the provider is Supabase, `exposed` are the schemas that its API
    serves.
    """

    root: Path
    files: tuple[VersionedFile, ...] = ()
    newest: VersionedFile | None = None
    target: str = ""
    shared: Shared = shared.ALONE
    down: Severity | None = Severity.CRITICAL
    down_in_comments: bool = False
    fresh: frozenset[Name] = frozenset()
    starts: Mapping[str, frozenset[Key]] = field(default_factory=dict)
    neighbours: Neighbours = ALONE
    past: Past = past.UNKNOWN
    supabase: bool = False
    exposed: tuple[str, ...] = ("public",)
    server_version: int | None = None
    style: bool = True
    safety: bool = True
    exclude_rules: tuple[str, ...] = ()
    enable_rules: tuple[str, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()


def subject(
    path: str,
    version: Version | None,
    text: str,
    problem: str,
    migration: Migration | None,
    is_new: bool,
    down_in_comments: bool,
) -> Subject:
    """Return the subject for one file; `text` is "" where there is a problem."""
    found = sections.read(text)
    up, down = (_commented if down_in_comments else _plain)(text, found)
    checked = (("UP", _refused(up)), ("DOWN", _refused(down)))
    wrong = tuple((name, one) for name, one in checked if one is not None)
    return Subject(path, version, text, problem, found, migration, is_new, up.text, wrong)


def _plain(text: str, found: Sections) -> tuple[Revived, Revived]:
    """Return UP with DOWN blanked (and the comments at the top kept), and DOWN alone."""
    up = text
    for part in found.parts:
        up = sections.blank(up, part.span) if part.kind == "down" else up
    return Revived(up, ()), Revived(sections.half(text, found, "down"), ())


def _commented(text: str, found: Sections) -> tuple[Revived, Revived]:
    """Return the text, which runs whole, and the SQL that stands in the comments of DOWN."""
    return Revived(text, ()), revive(text, found.down) if found.down else Revived("", ())


def _refused(half: Revived) -> SyntaxProblem | None:
    """Return what PostgreSQL's parser refuses, with its place in the file."""
    found = parse.syntax_problem(half.text)
    if found is None:
        return None
    return replace(found, column=found.column + dict(half.indents).get(found.line, 0))


def with_operations(one: Subject, context: Context) -> Subject:
    """Return the subject with what its UP does, and to which tables that nobody uses yet."""
    found = _effective(operations(one.up), one.version, context.past)
    tables = fresh.timeline(found, context.starts.get(one.path, frozenset()))
    made = frozenset(key for key, events in tables.items() if any(new for _, new in events))
    return replace(one, operations=found, made=made, tables=tables)


def _effective(
    done: Iterable[Operation], version: Version | None, known: Past
) -> tuple[Operation, ...]:
    """Return `done` without what does nothing: CREATE TABLE IF NOT EXISTS of an older table."""
    return tuple(
        one
        for one in done
        if one.kind != "CREATE TABLE"
        or not one.node.if_not_exists
        or not known.has(one.key, past.at(version, one))
    )


def starts(subjects: Iterable[Subject], known: Past = past.UNKNOWN) -> dict[str, frozenset[Key]]:
    """Return, for each path, which tables the unreleased files before it leave new."""
    return fresh.starts(
        (one.path, one.version, one.up_text, _effective(operations(one.up), one.version, known))
        for one in subjects
    )


def created(subjects: Iterable[Subject]) -> frozenset[Name]:
    """Return the tables, indexes and domains that the UPs of `subjects` create."""
    makers = (found.text for one in subjects for found in one.up if found.verb.startswith(_MAKERS))
    named = (parse.names(sql) for sql in makers)
    return frozenset(
        found for names in named if names is not None for found in _relations(names.created)
    )


@lru_cache(maxsize=4096)  # several findings are about one statement
def touched(sql: str) -> frozenset[Name]:
    """Return the tables and indexes that one statement locks: alters, drops, builds an index on."""
    names = parse.names(sql)
    return frozenset(_relations(names.touched | names.created)) if names else frozenset()


def _relations(names: Iterable[Name]) -> Iterator[Name]:
    """Yield what a statement may lock; no schema means public.

    CREATE INDEX does not say whether it is about a table or a materialized view: both are tables.
    """
    kinds = {kind: "table" if kind in TABLES else kind for kind in _RELATIONS}
    return (
        (kinds[kind], schema or "public", name) for kind, schema, name in names if kind in kinds
    )
