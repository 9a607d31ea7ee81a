"""The Supabase CLI's folder: it runs the whole file, so DOWN stands in comments."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrate_hooks.layouts.base import (
    Halves,
    Layout,
    compose,
    contents,
    find,
    migration,
    normalised,
    version,
)
from migrate_hooks.model.migration import Contents, Migration, Statement

if TYPE_CHECKING:
    from migrate_hooks.sql.sections import Sections
    from migrate_hooks.sql.split import Span


def _looks_like(folder: str, _paths: Sequence[str], texts: Sequence[str]) -> int:
    """Be sure of a folder below supabase/; elsewhere count the files whose DOWN is in comments.

    One DOWN that is plain SQL decides against it: this layout would run it right after its UP.
    """
    if f"/{folder}".endswith("/supabase/migrations"):
        return 1_000
    from migrate_hooks.sql import sections
    from migrate_hooks.sql.split import statements

    found = [(text, sections.read(text)) for text in texts]
    if any(statements(text, span) for text, one in found for span in _downs(one)):
        return 0
    return 2 * sum(mark.commented for _, one in found for mark in one.markers)


def _read(path: str, text: str, _beside: str | None = None) -> Migration:
    """Read everything that can be executed as UP, wherever it stands: the CLI runs it all."""
    return migration(path, text, lambda: _contents(normalised(text)))


def _contents(text: str) -> Contents:
    from migrate_hooks.sql import sections
    from migrate_hooks.sql.split import statements

    found = sections.read(text)
    return contents(Halves(statements(text), _down(text, found), found))


def _down(text: str, found: "Sections") -> tuple[Statement, ...]:
    from migrate_hooks.sql.commented import revive, revived_statements

    return tuple(one for span in _downs(found) for one in revived_statements(revive(text, span)))


def _downs(found: "Sections") -> tuple["Span", ...]:
    return tuple(part.span for part in found.parts if part.kind == "down")


def _scaffold(up: str, down: str) -> str:
    """Return a file whose DOWN half is commented out."""
    return compose(up, "\n".join(map(_commented, down.strip().split("\n"))))


def _commented(line: str) -> str:
    """Return a line as a comment; blanks at its end may belong to the body of a function."""
    from migrate_hooks.sql import sections

    return line if sections.is_waiver(line) else f"-- {line}" if line else "--"


LAYOUT = Layout(
    name="supabase",
    folders=("supabase/migrations",),
    looks_like=_looks_like,
    find=find,
    version=version,
    read=_read,
    scaffold=_scaffold,
    ledger="supabase",
    down_required=False,
    down_in_comments=True,
)
