"""Real PostgreSQL for the tests: one embedded server a run, one database a test."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest

from migrate_hooks.model.environment import Target
from migrate_hooks.outside import embedded, files, grounds, scratch

SERVERS = "TEST_SERVERS_FOLDER"
IDLE_SECONDS = "5"
MEMORY = "/dev/shm"
MEMORY_NEEDED = 4_000_000_000
# What a server does for the case that the machine fails: half of the time that a database takes.
CAUTIOUS = ("fsync", "full_page_writes", "autovacuum")


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one test's own; `url` is what a DSN variable would hold."""

    name: str
    parameters: dict[str, str]

    @property
    def url(self) -> str:
        host = quote(self.parameters["host"], safe="")
        return f"postgresql://{self.parameters['user']}@{host}:5432/{self.name}"

    def target(self, environment: str = "staging") -> Target:
        return Target(
            environment=environment,
            source="the test",
            parameters=self.parameters,
            password=None,
            host=self.parameters["host"],
            port=self.parameters["port"],
            database=self.name,
            user=self.parameters["user"],
        )

    def connect(self) -> "psycopg.Connection[tuple[Any, ...]]":
        words = psycopg.conninfo.make_conninfo(**self.parameters)
        return psycopg.connect(words, autocommit=True)

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run SQL over a connection of its own, which is how another person would."""
        with closing(self.connect()) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []


def claim_folder(config: pytest.Config) -> None:
    """Make the folder in which all workers of this run find the same servers.

    Not below pytest's own folder: a server that runs as another user could not reach it. The name
    travels to the workers in the environment.
    """
    if not hasattr(config, "workerinput"):
        memory = _memory()
        os.environ[SERVERS] = tempfile.mkdtemp(prefix="migrate-hooks-tests-", dir=memory)
        if memory:  # for the folders of tests as well: git makes many files
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)
        Path(os.environ[SERVERS]).chmod(0o711)


def _memory() -> str | None:
    """Return a folder in memory, where there is much of it and programs may be started there.

    A database is 300 files; ext4 spends ten times as long on them as everything else does.
    """
    if not os.access(MEMORY, os.W_OK):
        return None
    about = os.statvfs(MEMORY)
    has_room = about.f_bavail * about.f_frsize > MEMORY_NEEDED
    return MEMORY if has_room and not about.f_flag & os.ST_NOEXEC else None


def release_folder(config: pytest.Config) -> None:
    """End the run's servers and remove that folder once all workers are done."""
    if not hasattr(config, "workerinput"):
        remove_servers(Path(os.environ.pop(SERVERS)))


def remove_servers(folder: Path) -> None:
    """Make the keepers below `folder` stop their servers, wait for that, and remove everything."""
    clusters = [file.parent for file in folder.rglob("PG_VERSION") if file.parent.name == "data"]
    for cluster in clusters:
        (cluster / "PG_VERSION").unlink()
    deadline = time.monotonic() + 30
    while any((cluster / "postmaster.pid").exists() for cluster in clusters):
        if time.monotonic() > deadline:
            break
        time.sleep(0.05)
    shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, major: int) -> embedded.Server:
    """Start (or find) the run's server of one major version."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(files.CACHE_VARIABLE, str(folder))
        patch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)
        server = embedded.ensure(major)
    beside = Database("postgres", embedded.make_database(server, "postgres"))
    with closing(beside.connect()) as connection:
        hasten(lambda sql: connection.execute(sql.encode()))
    return server


def start_scratch(folder: Path) -> None:
    """Start the run's scratch server, on which `drift` replays."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(files.CACHE_VARIABLE, str(folder))
        patch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)
        with scratch.workshop(grounds.grounds(18)[0], "postgres", "postgres", "") as shop:
            hasten(shop.admin.run)


def hasten(run: Callable[[str], object]) -> None:
    """Let a server take no precautions that tests have no use for; `run` runs SQL there."""
    for setting in CAUTIOUS:
        run(f"ALTER SYSTEM SET {setting} = off")
    run("ALTER SYSTEM SET max_wal_size = '256MB'")
    run("SELECT pg_catalog.pg_reload_conf()")


def make(server: embedded.Server, prefix: str = "t") -> Database:
    name = f"{prefix}_{uuid4().hex[:12]}"
    return Database(name, embedded.make_database(server, name))


def copied(database: Database, prefix: str = "t") -> Database:
    """Make a copy of a database that nobody is connected to."""
    name = f"{prefix}_{uuid4().hex[:12]}"
    _run_beside(database, f'CREATE DATABASE "{name}" TEMPLATE "{database.name}"')
    return Database(name, {**database.parameters, "dbname": name})


def drop(server: embedded.Server, database: Database) -> None:
    _run_beside(database, f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')


def _run_beside(database: Database, sql: str) -> None:
    """Run SQL in the server's own database."""
    words = psycopg.conninfo.make_conninfo(**{**database.parameters, "dbname": "postgres"})
    with closing(psycopg.connect(words, autocommit=True)) as connection:
        connection.execute(sql.encode())


@pytest.fixture(scope="session")
def embedded_folder() -> Path:
    """The cache folder of this run's servers."""
    return Path(os.environ[SERVERS])


@pytest.fixture(scope="session")
def server(embedded_folder: Path) -> embedded.Server:
    """PostgreSQL 18, shared by all tests of the run."""
    start_scratch(embedded_folder)
    return start(embedded_folder, 18)


@pytest.fixture(scope="session")
def server16(embedded_folder: Path) -> embedded.Server:
    """PostgreSQL 16, shared by the tests that compare majors."""
    return start(embedded_folder, 16)


@pytest.fixture
def database(server: embedded.Server) -> Iterator[Database]:
    """An empty database of the test's own."""
    made = make(server)
    yield made
    drop(server, made)


@pytest.fixture
def second_database(server: embedded.Server) -> Iterator[Database]:
    """Another empty database, for whatever compares two."""
    made = make(server)
    yield made
    drop(server, made)


@pytest.fixture
def database16(server16: embedded.Server) -> Iterator[Database]:
    """An empty database on PostgreSQL 16."""
    made = make(server16)
    yield made
    drop(server16, made)
