"""What the tests of backups share: a project with a database, and ways to damage an archive."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from migrate_hooks.actions import backup as action
from migrate_hooks.config.load import load
from migrate_hooks.model.backup import Backup
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import archives, files
from tests import repo as repositories
from tests.databases import Database
from tests.repo import Repo

SCHEMA = """
CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE notes (id int, said text);
INSERT INTO customers (name) SELECT 'customer ' || n FROM generate_series(1, 100) AS n;
INSERT INTO notes SELECT n, repeat(md5(n::text), 10) FROM generate_series(1, 300) AS n;
CREATE SCHEMA supabase_migrations;
CREATE TABLE supabase_migrations.schema_migrations
    (version text PRIMARY KEY, statements text[], name text);
INSERT INTO supabase_migrations.schema_migrations VALUES
    ('20250101000000', '{select 1}', 'one'), ('20250102000000', '{select 2}', 'two');
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A repository whose environment staging is `database`."""

    repo: Repo
    database: Database

    @property
    def settings(self) -> Settings:
        return load(self.repo.path, None, {})

    @property
    def folder(self) -> Path:
        return archives.folder(self.repo.path, "staging")

    def impatient(self) -> Settings:
        """The settings of somebody who waits a tenth of a second for a lock."""
        known = self.settings
        return replace(known, apply=replace(known.apply, lock_timeout=100))

    def back_up(self) -> Backup:
        action.run(self.settings, "staging", lambda _: None)
        return action.known(self.repo.path, "staging")[0]

    def backups(self) -> tuple[Backup, ...]:
        return action.known(self.repo.path, "staging")

    def names(self) -> list[str]:
        """Everything that is in the folder of backups."""
        return sorted(file.name for file in self.folder.glob("*"))


def make(path: Path, database: Database) -> Project:
    """Make a project; the database gets two small tables and a ledger with two rows."""
    repo = repositories.new(path)
    repo.write(".env.staging", f"DATABASE_URL={database.url}\n")
    repo.write(".gitignore", ".env.*\n")
    repo.commit()
    database.run(SCHEMA)
    return Project(repo, database)


@pytest.fixture
def project(
    tmp_path: Path, database: Database, embedded_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Project:
    """A project on PostgreSQL 18; trials run on the servers of this run."""
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
    return make(tmp_path / "shop", database)


def flip(backup: Backup) -> None:
    """Change one byte in the middle of the archive."""
    data = bytearray(backup.archive.read_bytes())
    data[len(data) // 2] ^= 0xFF
    backup.archive.write_bytes(data)


def cut(backup: Backup, lost: int | None = None) -> None:
    """Take `lost` bytes, or a tenth of the archive, away from its end."""
    data = backup.archive.read_bytes()
    backup.archive.write_bytes(data[: -(lost or len(data) // 10)])
