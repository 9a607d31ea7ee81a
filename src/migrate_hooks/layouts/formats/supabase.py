"""The Supabase CLI's folder: it runs the whole file, so DOWN stands in comments."""

from collections.abc import Sequence

from migrate_hooks.layouts.base import Layout, compose, find, migration, version
from migrate_hooks.model.migration import Migration, Statement
from migrate_hooks.sql import sections
from migrate_hooks.sql.commented import revive, revived_statements
from migrate_hooks.sql.split import statements


def _looks_like(folder: str, texts: Sequence[str]) -> int:
    """Be sure of a folder below supabase/; elsewhere count the files whose DOWN is in comments."""
    read = (sections.read(text) for text in texts)
    marked = (any(mark.kind == "down" and mark.commented for mark in one.markers) for one in read)
    at_home = f"/{folder}".endswith("/supabase/migrations")
    return 1_000 if at_home else 2 * sum(marked)


def _read(path: str, text: str) -> Migration:
    """Read everything that can be executed as UP, wherever it stands: the CLI runs it all."""
    found = sections.read(text)
    return migration(path, statements(text), _down(text, found), found)


def _down(text: str, found: sections.Sections) -> tuple[Statement, ...]:
    spans = (part.span for part in found.parts if part.kind == "down")
    return tuple(one for span in spans for one in revived_statements(revive(text, span)))


def _scaffold(up: str, down: str) -> str:
    """Return a file whose DOWN half is commented out."""
    commented = "\n".join(f"-- {line}".rstrip() for line in down.strip().split("\n"))
    return compose(up, commented)


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
)
