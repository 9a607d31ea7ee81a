"""A project as teams have it: a remote, a branch for each environment, databases, the hooks."""

import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrate_hooks.outside import embedded
from tests import repo as repositories
from tests.databases import Database, copied, drop, make
from tests.program import Finished, Program
from tests.repo import Repo

ORDERS = """\
-- UP Migration
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);

-- DOWN Migration
DROP TABLE orders;
"""

ITEMS = """\
-- UP Migration
CREATE TABLE items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text);

-- DOWN Migration
DROP TABLE items;
"""

FIRST = "migrations/20250101000000_create_orders.sql"
SECOND = "migrations/20250102000000_create_items.sql"


@dataclass(frozen=True, slots=True)
class Shop:
    """The repository, its bare remote, and the databases of dev, staging and production."""

    repo: Repo
    remote: Repo
    databases: dict[str, Database]

    def program(self, *words: str) -> Finished:
        """Run migrate-hooks in the repository."""
        return Program(self.repo.path)(*words)

    def push(self, *words: str) -> tuple[bool, str]:
        """Push; return whether git went through with it, and everything that was printed."""
        before = self.remote.git("for-each-ref")
        printed = self.repo.git("push", "origin", *words, check=False)
        return self.remote.git("for-each-ref") != before, printed

    def unplug(self, environment: str) -> None:
        """Make an environment's DSN lead to a port where nothing listens."""
        self.repo.write(
            f".env.{environment}", "DATABASE_URL=postgresql://u:canary-password@127.0.0.1:1/gone\n"
        )

    def copy(self, folder: Path, own: Iterable[str]) -> "Shop":
        """Return the same project in `folder`, with databases of its `own` for some environments.

        Those of the others are shared: nobody may change them.
        """
        for one in (self.repo, self.remote):
            shutil.copytree(one.path, folder / one.path.name, symlinks=True)
        repo, remote = Repo(folder / self.repo.path.name), Repo(folder / self.remote.path.name)
        repo.git("remote", "set-url", "origin", str(remote.path))
        fresh = {name: copied(self.databases[name], name) for name in own}
        for name, database in fresh.items():
            database.run("UPDATE migrate_hooks.identity SET database = current_database()")
            repo.write(f".env.{name}", f"DATABASE_URL={database.url}\n")
        return Shop(repo, remote, {**self.databases, **fresh})


ENVIRONMENTS = ("dev", "staging", "production")


@pytest.fixture
def shop(prototype: Shop, tmp_path: Path, server: embedded.Server) -> Iterator[Shop]:
    """One migration, released everywhere; branch dev is checked out."""
    found = prototype.copy(tmp_path, ENVIRONMENTS)
    yield found
    for database in found.databases.values():
        drop(server, database)


def build(folder: Path, server: embedded.Server) -> Shop:
    """Make the project that others are copies of; nothing of it may be changed."""
    repo = repositories.new(folder / "shop")
    remote = repositories.new(folder / "remote.git", "--bare")
    databases = {name: make(server, name) for name in ENVIRONMENTS}
    for name, database in databases.items():
        repo.write(f".env.{name}", f"DATABASE_URL={database.url}\n")
    repo.write(".gitignore", ".env.*\n")
    repo.write(FIRST, ORDERS)
    repo.commit("Start")
    repo.git("remote", "add", "origin", str(remote.path))
    repo.git("branch", "staging")
    repo.git("checkout", "-q", "-b", "dev")
    repo.git("push", "-q", "origin", "main", "dev", "staging")
    found = Shop(repo, remote, databases)
    for environment in ENVIRONMENTS:
        said = ("--force", f"--yes={environment}", "--allow=stale-backup", "--allow=branch")
        done = found.program("apply", f"--env={environment}", *said)
        assert done.code == 0, done
    assert found.program("install").code == 0
    return found


def on_path() -> str:
    """Return a PATH on which `migrate-hooks` is this checkout's own."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
