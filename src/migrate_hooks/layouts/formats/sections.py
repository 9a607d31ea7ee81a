"""One file, two halves: UP and then DOWN, both plain SQL behind their markers."""

from collections.abc import Sequence

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
from migrate_hooks.model.migration import Contents, Migration


def _looks_like(_folder: str, _paths: Sequence[str], texts: Sequence[str]) -> int:
    """Count the files that run something below a DOWN marker."""
    from migrate_hooks.sql import sections

    read = (sections.read(text) for text in texts)
    marked = (
        any(mark.kind == "down" and not mark.commented for mark in one.markers) for one in read
    )
    return 1 + 2 * sum(marked)


def _read(path: str, text: str, _beside: str | None = None) -> Migration:
    return migration(path, text, lambda: _contents(normalised(text)))


def _contents(text: str) -> Contents:
    from migrate_hooks.sql import sections
    from migrate_hooks.sql.split import statements

    found = sections.read(text)
    up, down = (statements(sections.half(text, found, kind)) for kind in ("up", "down"))
    return contents(Halves(up, down, found))


def _scaffold(up: str, down: str) -> str:
    """Return a file with both halves behind their markers."""
    return compose(up, down)


LAYOUT = Layout(
    name="sections",
    folders=("migrations", "db/migrations", "sql/migrations"),
    looks_like=_looks_like,
    find=find,
    version=version,
    read=_read,
    scaffold=_scaffold,
    ledger="supabase",
    down_required=True,
)
