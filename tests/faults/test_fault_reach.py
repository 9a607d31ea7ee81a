"""The database cannot be reached, or it is another one than it seems: nothing is touched."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.databases import Database
from tests.faults.scene import Ended, Scene, wait_until
from tests.program import Program

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def unchecked(done: Ended, words: str) -> None:
    assert (done.code, done.report["outcome"], done.states) == (3, "unchecked", [])
    assert words in done.words


@pytest.mark.parametrize("command", ["apply", "status", "backup"])
def test_a_host_that_takes_the_connection_and_says_nothing(scene: Scene, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        scene.point(f"postgresql://u@127.0.0.1:{port}/x?connect_timeout=2&sslmode=disable")
        unchecked(scene.run(command), "the server did not answer in time")


def test_a_host_behind_which_everything_is_swallowed(scene: Scene) -> None:
    """Its queue of connections is full, so not even the first packet is answered."""
    with socket.socket() as listener, ExitStack() as callers:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            caller = callers.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        port = listener.getsockname()[1]
        scene.point(f"postgresql://u@127.0.0.1:{port}/x?connect_timeout=2&sslmode=disable")
        unchecked(scene.run(), "the server did not answer in time")


def test_a_name_that_no_dns_server_knows(scene: Scene) -> None:
    scene.point("postgresql://u@db.nowhere.invalid:5432/x?connect_timeout=5")
    unchecked(scene.run(), "the host name is not known")


def test_a_port_where_nobody_listens(scene: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    scene.point(f"postgresql://u@127.0.0.1:{port}/x?sslmode=disable")
    unchecked(scene.run(), "nothing listens there")


def test_a_database_that_may_only_be_read_is_refused(scene: Scene) -> None:
    name = scene.database.name
    scene.database.run(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    done = scene.run()
    assert (done.code, done.report["outcome"]) == (1, "refused")
    assert "staging is read-only" in done.words
    assert scene.applied() == []


def test_the_connection_string_of_another_environment_is_noticed(scene: Scene) -> None:
    """Staging was applied here; then somebody pastes its string into the file of dev."""
    assert scene.run().code == 0
    scene.write(2, "INSERT INTO marks VALUES (2);")
    (scene.folder / ".env.staging").rename(scene.folder / ".env.dev")
    words = ("apply", "--env=dev", "--format=json", "--force", "--allow=copy")
    done = Program(scene.folder)(*words)
    report = json.loads(done.stdout)
    assert done.code == 1
    assert [one["code"] for one in report["findings"]] == ["guard/identity"]
    assert "This database was recorded as staging" in report["findings"][0]["message"]
    assert (scene.applied(), scene.marks()) == ([1], [])


def test_a_copy_of_the_database_is_noticed(scene: Scene, second_database: Database) -> None:
    """The new name holds what a restored dump holds: the record of another database."""
    assert scene.run().code == 0
    scene.write(2, "INSERT INTO marks VALUES (2);")
    copy = second_database.name
    scene.database.run("CHECKPOINT")
    second_database_is_copy_of(scene.database, second_database)
    scene.point(second_database.url)
    done = scene.run()
    assert (done.code, done.codes) == (1, ["guard/copy"])
    assert f"this is {copy} of server" in done.words
    assert second_database.run("SELECT n FROM marks") == []
    assert scene.run("apply", "--allow=copy").code == 0
    assert second_database.run("SELECT n FROM marks") == [(2,)]
    assert scene.marks() == [], "the first one was not touched"


def second_database_is_copy_of(first: Database, second: Database) -> None:
    words = {**first.parameters, "dbname": "postgres"}
    server = Database("postgres", words)
    server.run(f'DROP DATABASE "{second.name}"')
    server.run(f'CREATE DATABASE "{second.name}" TEMPLATE "{first.name}"')


@pytest.fixture
def pooled(scene: Scene) -> Iterator[Scene]:
    """The scene behind a real PgBouncer that hands out a connection for each transaction."""
    folder = Path(tempfile.mkdtemp(prefix="migrate-hooks-pgbouncer-"))
    folder.chmod(0o777)
    words = scene.database.parameters
    base = " ".join(f"{word}={words[word]}" for word in ("host", "port", "dbname", "user"))
    (folder / "pgbouncer.ini").write_text(
        f"[databases]\nx = {base}\n[pgbouncer]\nunix_socket_dir = {folder}\nlisten_port = 5432\n"
        "auth_type = any\npool_mode = transaction\nignore_startup_parameters = options\n"
    )
    owner = Path(words["host"]).stat().st_uid if os.geteuid() == 0 else None
    process = subprocess.Popen(
        [str(PGBOUNCER), "-q", folder / "pgbouncer.ini"],
        user=owner,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until((folder / ".s.PGSQL.5432").exists)
    scene.point(f"postgresql://postgres@{quote(str(folder), safe='')}:5432/x")
    yield scene
    process.terminate()
    process.wait(20)
    shutil.rmtree(folder)


@pytest.mark.skipif(PGBOUNCER is None, reason="PgBouncer comes from the system, not from pip")
def test_a_transaction_pooler_is_seen_although_nothing_names_it(pooled: Scene) -> None:
    done = pooled.run()
    assert (done.code, done.report["outcome"]) == (1, "refused")
    assert "reached through a transaction pooler" in done.words
    assert "port 5432" in done.words
    assert pooled.applied() == []


def test_the_port_of_supabases_pooler_is_refused_unasked(scene: Scene) -> None:
    scene.point("postgresql://u:p@127.0.0.1:6543/d")
    done = scene.run()
    assert (done.code, done.report["outcome"]) == (1, "refused")
    assert "reached through a transaction pooler" in done.words
