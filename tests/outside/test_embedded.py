"""The embedded server: made once, found again, private, and ended when nobody needs it."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from migrate_hooks.errors import ToolMissing, Unreachable
from migrate_hooks.outside import embedded, files, keeper, pg_tools
from tests.databases import remove_servers

ASK = """
from migrate_hooks.outside import embedded
server = embedded.ensure()
print(embedded.make_database(server, "shop")["dbname"], server.major)
"""


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of this test's own, reachable for a server that runs as another user."""
    folder = Path(tempfile.mkdtemp(prefix="migrate-hooks-cache-"))
    folder.chmod(0o711)
    monkeypatch.setenv(files.CACHE_VARIABLE, str(folder))
    monkeypatch.setenv(embedded.IDLE_VARIABLE, "1")
    yield folder
    remove_servers(folder)


def postmaster(cache: Path) -> int:
    files = list(cache.glob("pg/*/data/postmaster.pid"))
    return int(files[0].read_text().splitlines()[0]) if files else 0


def alive(pid: int) -> bool:
    return bool(pid) and Path(f"/proc/{pid}").exists() if Path("/proc").exists() else _asked(pid)


def _asked(pid: int) -> bool:
    return subprocess.run(["ps", "-p", str(pid)], capture_output=True, check=False).returncode == 0


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def ask_in_another_process() -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", ASK], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_it_ends_when_its_last_user_is_gone_even_by_sigkill(cache: Path) -> None:
    sleeper = f"{ASK}\nimport sys, time\nsys.stdout.flush()\ntime.sleep(600)"
    user = subprocess.Popen([sys.executable, "-c", sleeper], stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    assert user.stdout.readline().startswith("shop ")
    pid = postmaster(cache)
    time.sleep(2.5)  # longer than the idle limit: a living user keeps it
    assert alive(pid)
    user.kill()
    user.communicate()
    wait_until(lambda: not alive(pid))


def test_many_processes_at_once_find_one_server(cache: Path) -> None:
    askers = [ask_in_another_process() for _ in range(5)]
    answers = [asker.communicate(timeout=60) for asker in askers]
    assert {out.strip() for out, _ in answers} == {f"shop {pg_tools.installation().major}"}, answers
    assert len(list(cache.glob("pg/*/data/PG_VERSION"))) == 1


def test_a_killed_server_is_started_again_with_its_data(cache: Path) -> None:
    server = embedded.ensure()
    embedded.make_database(server, "kept")
    os.kill(postmaster(cache), signal.SIGKILL)
    wait_until(lambda: not embedded.answers(server))
    again = embedded.ensure()
    with_names = {"host": str(again.sockets), "user": again.user, "port": again.port}
    assert embedded.make_database(again, "kept") == {**with_names, "dbname": "kept"}


def test_nobody_else_can_look_in(cache: Path) -> None:
    server = embedded.ensure()
    assert stat.S_IMODE(server.base.stat().st_mode) == 0o700
    assert stat.S_IMODE((server.base / "data").stat().st_mode) == 0o700
    assert "listen_addresses" not in (server.base / "data" / "postmaster.opts").read_text()
    lines = (server.base / "data" / "postmaster.pid").read_text().splitlines()
    assert lines[5].strip() == "", "it listens on a network address"


def test_a_deep_cache_folder_gets_a_short_socket(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = cache / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    for folder in (deep, deep.parent):
        folder.chmod(0o711)
    monkeypatch.setenv(files.CACHE_VARIABLE, str(deep))
    server = embedded.ensure()
    assert len(bytes(server.sockets)) < 80
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    remove_servers(deep)
    assert not list(server.sockets.glob(".s.PGSQL.5432"))
    server.sockets.rmdir()


def test_a_major_version_that_is_not_installed_is_named(cache: Path) -> None:
    with pytest.raises(ToolMissing, match="PostgreSQL 9") as caught:
        embedded.ensure(9)
    assert "embedded" in caught.value.hint


def test_a_database_name_tells_project_and_environment_and_is_unique_by_path() -> None:
    one = embedded.database_name(Path("/a/My Shop"), "staging")
    other = embedded.database_name(Path("/b/My Shop"), "staging")
    assert one.startswith("my_shop_")
    assert one.endswith("_staging")
    assert one != other
    assert len(embedded.database_name(Path("/x/" + "y" * 200), "e" * 200)) == 63


def test_clients_are_seen_without_ps(
    server: embedded.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slim containers have none; a keeper that dies of that leaves its server behind."""
    pid = postmaster(server.base.parents[1])
    with psycopg.connect(host=str(server.sockets), user=server.user, dbname="postgres"):
        assert keeper.has_clients(pid)
        monkeypatch.setenv("PATH", "/nowhere")
        assert keeper.has_clients(pid)
    assert not keeper.has_clients(os.getpid())


def test_a_cache_that_cannot_be_written_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv(files.CACHE_VARIABLE, str(tmp_path / "file" / "below"))
    with pytest.raises(Unreachable, match="cannot be kept"):
        embedded.ensure()


def test_an_embedded_server_that_refuses_is_unreachable_and_no_bug(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="refused"):
        embedded.make_database(embedded.Server(tmp_path, 18, tmp_path), "any")
