"""Fixtures that several of these files share."""

from collections.abc import Iterator

import pytest

from migrate_hooks.outside import embedded
from tests.databases import Database, drop, make


@pytest.fixture(scope="module")
def untouched(server: embedded.Server) -> Iterator[Database]:
    """An empty database that every test must leave empty."""
    made = make(server)
    yield made
    assert made.run("SELECT nspname FROM pg_namespace WHERE nspname ~ '^supabase'") == []
    assert made.run("SELECT relname FROM pg_class WHERE relname IN ('orders', 'items')") == []
    drop(server, made)
