"""The server restarts, crashes, fills up, is a standby or has no connection left."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from migrate_hooks.actions import apply, transactional
from migrate_hooks.actions.voice import Voice
from migrate_hooks.config.load import load
from tests.faults.ownserver import OwnServer
from tests.faults.scene import Scene, wait_until
from tests.proxy import Proxy

SLOW = "INSERT INTO marks VALUES (2);\nSELECT pg_sleep(600);"
MEGABYTE = 1024 * 1024


def all_well(scene: Scene) -> None:
    scene.write(2, "INSERT INTO marks VALUES (2);")
    assert scene.run().code == 0
    assert (scene.applied(), scene.marks()) == ([1, 2], [2])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_a_server_that_goes_and_comes_back_has_nothing_of_the_file(
    own: OwnServer, own_scene: Scene, how: int
) -> None:
    own.start()
    own_scene.write(2, SLOW)
    running = own_scene.start()
    own_scene.until_active("pg_sleep(600)")
    own.stop(how)
    own.start()
    done = running.end()
    assert (done.code, done.states) == (4, ["applied", "failed"])
    assert "Nothing of this file was applied" in done.words
    assert (own_scene.applied(), own_scene.marks()) == ([1], [])
    all_well(own_scene)


def test_a_backend_that_the_system_kills_takes_nothing_with_it(
    own: OwnServer, own_scene: Scene
) -> None:
    """As when memory runs out: the server ends every session and recovers by itself."""
    own.start("restart_after_crash=on")
    own_scene.write(2, SLOW)
    running = own_scene.start()
    os.kill(own_scene.until_active("pg_sleep(600)"), signal.SIGKILL)
    done = running.end()
    assert (done.code, done.states) == (4, ["applied", "failed"])
    own.wait_until_it_answers()
    assert (own_scene.applied(), own_scene.marks()) == ([1], [])
    all_well(own_scene)


def test_a_server_that_stays_away_at_commit_leaves_it_unknown(
    own: OwnServer, own_scene: Scene, line: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactional, "_SECONDS_TO_ASK", 0.5)
    own.start()
    own_scene.write(2, "INSERT INTO marks VALUES (2);")

    def cut(data: bytes) -> str:
        if b"step_2" not in data or b"COMMIT" not in data:
            return ""
        own.stop(signal.SIGQUIT)
        return "before"

    own_scene.through(line)
    with Proxy(line, own.folder, cut):
        report = apply.run(load(own_scene.folder, None, {}), apply.Order("staging"), Voice())
    assert (report.exit_code, [step.state for step in report.steps]) == (5, ["applied", "unknown"])
    assert "migrate-hooks verify --env=staging" in report.findings[0].hint
    own.start()
    own_scene.point(own_scene.database.url)
    assert (own_scene.applied(), own_scene.marks()) == ([1], [])
    all_well(own_scene)


def test_a_transaction_number_that_was_given_again_is_not_taken_for_ours(
    own: OwnServer, own_scene: Scene, line: Path
) -> None:
    """A crash loses the number with the transaction; who comes next gets it, and commits."""
    own.start("wal_writer_delay=10s", "autovacuum=off")
    own_scene.write(2, "INSERT INTO marks VALUES (2);")

    def cut(data: bytes) -> str:
        if b"step_2" not in data or b"COMMIT" not in data:
            return ""
        own.stop(signal.SIGQUIT)
        own.start("autovacuum=off")
        for number in range(40):
            own.database.run(f"CREATE TABLE other_{number} ()")
        return "before"

    own_scene.through(line)
    with Proxy(line, own.folder, cut):
        done = own_scene.run()
    assert own_scene.applied() == [1]
    assert done.states[1] != "applied", done
    assert done.code in (4, 5)
    own_scene.point(own_scene.database.url)
    all_well(own_scene)


def test_a_server_whose_disk_is_full_rolls_the_file_back(own: OwnServer, own_scene: Scene) -> None:
    """No file of the server may grow beyond 20 MB, which the system says as a full disk does."""
    own.start(largest_file=20 * MEGABYTE)
    own_scene.write(
        2,
        "INSERT INTO marks VALUES (2);\nCREATE TABLE big AS "
        "SELECT repeat(md5(n::text), 30) FROM generate_series(1, 40000) AS n;",
    )
    done = own_scene.run()
    assert (done.code, done.states) == (4, ["applied", "failed"])
    assert "could not extend file" in done.words
    assert "free disk space" in done.words, "what the server hints at is passed on"
    assert not own_scene.has("big")
    assert (own_scene.applied(), own_scene.marks()) == ([1], [])
    all_well(own_scene)


def test_a_standby_is_refused_with_the_way_to_the_primary(own: OwnServer, own_scene: Scene) -> None:
    own.start()
    assert own_scene.run().code == 0
    own.stop(signal.SIGINT)
    (own.folder / "data/standby.signal").touch()
    own.start()
    assert own_scene.database.run("SELECT pg_is_in_recovery()") == [(True,)]
    own_scene.write(2, "INSERT INTO marks VALUES (2);")
    done = own_scene.run()
    assert (done.code, done.report["outcome"]) == (1, "refused")
    assert "staging is read-only (a standby, or set so)" in done.words
    assert "at the primary server" in done.words
    assert own_scene.run("status").code == 0, "it may be read"
    assert own_scene.applied() == [1]


def test_a_server_without_a_connection_to_spare_is_not_checked(
    own: OwnServer, own_scene: Scene
) -> None:
    own.start("max_connections=3", "superuser_reserved_connections=0", "reserved_connections=0")
    with ExitStack() as others:
        for _ in range(3):
            others.enter_context(own.database.connect())
        done = own_scene.run()
        assert (done.code, done.report["outcome"]) == (3, "unchecked")
        assert "the server has no connection left" in done.words
    wait_until(lambda: has_room(own))
    assert own_scene.applied() == []
    all_well(own_scene)


def has_room(own: OwnServer) -> bool:
    """Tell whether a connection can be had; who left is not gone in the same moment."""
    try:
        return own.database.run("SELECT true") == [(True,)]
    except psycopg.OperationalError:
        return False


def test_one_connection_is_enough(scene: Scene) -> None:
    """Who looks for blockers wants a second one; without it the work goes on."""
    role = f"poor_{scene.database.name}"
    scene.database.run(
        f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 1; GRANT ALL ON SCHEMA public TO {role};"
        f'GRANT CREATE ON DATABASE "{scene.database.name}" TO {role}'
    )
    try:
        scene.point(scene.database.url.replace("postgres@", f"{role}@"))
        scene.write(2, "INSERT INTO marks VALUES (2);\nSELECT pg_sleep(1.5);")
        assert scene.run().code == 0
        assert (scene.applied(), scene.marks()) == ([1, 2], [2])
    finally:
        scene.database.run(f"DROP OWNED BY {role}; DROP ROLE {role}")


def test_a_role_without_any_connection_left_is_not_checked(scene: Scene) -> None:
    role = f"full_{scene.database.name}"
    scene.database.run(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 0")
    try:
        scene.point(scene.database.url.replace("postgres@", f"{role}@"))
        done = scene.run()
        assert (done.code, done.report["outcome"]) == (3, "unchecked")
        assert "this role or database has no connection left" in done.words
        assert scene.applied() == []
    finally:
        scene.database.run(f"DROP ROLE {role}")
