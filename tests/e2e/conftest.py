"""Fixtures that several of these files share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_hooks.outside import embedded, files
from tests.databases import IDLE_SECONDS, Database, drop, make
from tests.e2e import shop as shops


@pytest.fixture(scope="module")
def untouched(server: embedded.Server) -> Iterator[Database]:
    """An empty database that every test must leave empty."""
    made = make(server)
    yield made
    assert made.run("SELECT nspname FROM pg_namespace WHERE nspname ~ '^supabase'") == []
    assert made.run("SELECT relname FROM pg_class WHERE relname IN ('orders', 'items')") == []
    drop(server, made)


@pytest.fixture(scope="session")
def prototypes() -> dict[str, shops.Shop]:
    """Where the first shop of a run is kept: it cannot be made before a test has its own home."""
    return {}


@pytest.fixture
def prototype(
    prototypes: dict[str, shops.Shop],
    tmp_path_factory: pytest.TempPathFactory,
    server: embedded.Server,
    embedded_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> shops.Shop:
    """A project to copy, and one cache for all copies: its scratch server starts once."""
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
    monkeypatch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)
    if not prototypes:
        prototypes["shop"] = shops.build(tmp_path_factory.mktemp("prototype"), server)
    return prototypes["shop"]
