"""The line between the program and the server is cut, or falls silent, at every possible moment."""

import signal
from pathlib import Path

import pytest

from migrate_hooks.actions import apply, transactional
from migrate_hooks.actions.voice import Voice
from migrate_hooks.config.load import load
from tests.faults.scene import Ended, Scene, wait_until
from tests.proxy import Cut, Proxy

ROW = b'INSERT INTO "supabase_migrations"'


def at_commit(when: str) -> Cut:
    """Cut when the second migration's ledger row and COMMIT are sent."""

    def cut(data: bytes) -> str:
        return when if ROW in data and b"step_2" in data and b"COMMIT" in data else ""

    return cut


def add_two(scene: Scene) -> None:
    for number in (2, 3):
        scene.write(number, f"INSERT INTO marks VALUES ({number});")


def run_through(scene: Scene, line: Path, cut: Cut) -> Ended:
    add_two(scene)
    scene.through(line)
    with Proxy(line, server(scene), cut) as proxy:
        done = scene.run()
    assert proxy.was_cut
    scene.point(scene.database.url)
    return done


def server(scene: Scene) -> Path:
    return Path(scene.database.parameters["host"])


def test_a_cut_before_commit_reached_the_server_leaves_nothing(scene: Scene, line: Path) -> None:
    done = run_through(scene, line, at_commit("before"))
    assert (done.code, done.states) == (4, ["applied", "failed", "not-run"])
    assert "asked again, it is not committed" in done.said
    assert "run `migrate-hooks apply --env=staging`" in done.words
    assert (scene.applied(), scene.marks()) == ([1], [])
    assert scene.run().code == 0
    assert scene.marks() == [2, 3]


def test_a_cut_after_commit_reached_the_server_counts_as_applied(scene: Scene, line: Path) -> None:
    """The step stands and is said to; the next one finds no connection and is not begun."""
    done = run_through(scene, line, at_commit("after"))
    assert done.states[:2] == ["applied", "applied"]
    assert "asked again, it is committed" in done.said
    assert scene.applied()[:2] == [1, 2]
    again = scene.run()
    assert again.code == 0
    assert scene.marks() == [2, 3]


def test_when_nobody_can_be_asked_it_is_unknown_and_never_tried_again(
    scene: Scene, line: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process: it asks for ten seconds otherwise."""
    monkeypatch.setattr(transactional, "_SECONDS_TO_ASK", 0.5)
    add_two(scene)
    scene.through(line)
    with Proxy(line, server(scene), at_commit("after"), refuse=True) as proxy:
        report = apply.run(load(scene.folder, None, {}), apply.Order("staging"), Voice())
    assert proxy.was_cut
    states = [step.state for step in report.steps]
    assert (report.exit_code, states) == (5, ["applied", "unknown", "not-run"])
    assert "migrate-hooks verify --env=staging" in report.findings[0].hint
    scene.point(scene.database.url)
    assert (scene.applied(), scene.marks()) == ([1, 2], [2]), "it had been committed, once"
    assert scene.run("verify").code == 0, "the command that was named finds all well"
    assert scene.run().code == 0
    assert scene.marks() == [2, 3]


def test_ctrl_c_ends_a_run_whose_server_fell_silent(scene: Scene, line: Path) -> None:
    """Neither the statement nor a request to cancel it is ever answered."""
    scene.write(2, "INSERT INTO marks VALUES (2);")
    scene.through(line)
    silent: Cut = lambda data: "silent" if b"VALUES (2)" in data else ""  # noqa: E731
    with Proxy(line, server(scene), silent) as proxy:
        running = scene.start()
        wait_until(lambda: proxy.was_cut)
        running.signal(signal.SIGINT)
        done = running.end()
    assert done.code in (5, 130)
    assert (scene.applied(), scene.marks()) == ([1], [])
