"""A real PgBouncer between us and the server: session mode is fine, transaction mode is seen."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrate_hooks.actions import backup
from migrate_hooks.config.load import load
from migrate_hooks.errors import UnsupportedServer
from migrate_hooks.model.environment import Target
from migrate_hooks.outside import postgres
from tests.databases import Database

PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="PgBouncer comes from the system, not pip")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def pooled(database: Database) -> Iterator[Target]:
    """A target whose database "tx" or "se" is served by transaction or by session."""
    folder = Path(tempfile.mkdtemp(prefix="migrate-hooks-pgbouncer-"))
    port = free_port()
    base = " ".join(
        f"{word}={database.parameters[word]}" for word in ("host", "port", "dbname", "user")
    )
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\ntx = {base} pool_mode=transaction\nse = {base} pool_mode=session\n"
        f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n"
        "auth_type = any\nignore_startup_parameters = options\n"
    )
    owner = Path(database.parameters["host"]).stat().st_uid
    folder.chmod(0o755)
    running = subprocess.Popen(
        [str(PROGRAM), "-q", str(folder / "pgbouncer.ini")],
        user=owner if os.geteuid() == 0 else None,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    parameters = {"host": "127.0.0.1", "port": str(port), "user": "postgres"}
    wait_until_it_listens(port)
    yield replace(database.target(), parameters=parameters, host="127.0.0.1", port=str(port))
    running.terminate()
    running.wait(20)
    shutil.rmtree(folder)


def wait_until_it_listens(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("PgBouncer does not listen")


@pytest.mark.parametrize(("name", "expected"), [("tx", True), ("se", False)])
def test_only_a_transaction_pooler_is_one(pooled: Target, name: str, expected: bool) -> None:
    """Both greet with a process id that is not the backend's."""
    target = replace(pooled, parameters={**pooled.parameters, "dbname": name}, database=name)
    with postgres.session(target) as session:
        assert session.backend() != session.connection.info.backend_pid
        assert postgres.is_behind_transaction_pooler(session) is expected


@pytest.mark.parametrize("name", ["tx", "se"])
def test_a_backup_goes_through_a_session_pooler_only(
    pooled: Target, tmp_path: Path, name: str
) -> None:
    """One moment of the database is held by one connection and read by another."""
    settings = load(tmp_path, None, {})
    target = replace(pooled, parameters={**pooled.parameters, "dbname": name}, database=name)
    with postgres.session(target) as session:
        if name == "tx":
            with pytest.raises(UnsupportedServer, match="transaction pooler"):
                backup.take(settings, "staging", session, lambda _: None)
        else:
            made = backup.take(settings, "staging", session, lambda _: None)
            assert backup.is_intact(made)
    assert len(backup.known(tmp_path, "staging")) == (name == "se")
