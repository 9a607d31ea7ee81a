"""Fixtures of the fault tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_hooks.outside import embedded
from tests.databases import Database
from tests.faults import scene as scenes
from tests.faults.ownserver import OwnServer, copied, template
from tests.faults.scene import Scene


@pytest.fixture
def scene(tmp_path: Path, database: Database) -> Scene:
    """A folder with one migration, and a database of the run's server."""
    return scenes.make(tmp_path / "shop", database)


@pytest.fixture
def line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for a socket between us and the server; a socket's path is short."""
    return tmp_path_factory.mktemp("p")


@pytest.fixture(scope="session")
def own_template(server: embedded.Server) -> Iterator[Path]:
    """A cluster that was made and never started, to be copied."""
    yield from template(server)


@pytest.fixture
def own(own_template: Path, server: embedded.Server) -> Iterator[OwnServer]:
    """A server of the test's own, which it may kill, starve and restart."""
    yield from copied(own_template, server)


@pytest.fixture
def own_scene(tmp_path: Path, own: OwnServer) -> Scene:
    """The same as `scene` on the test's own server."""
    return scenes.make(tmp_path / "shop", own.database)
