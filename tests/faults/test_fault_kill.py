"""The program is killed or told to stop; the next run finds out where it was."""

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.scene import Run, Scene, wait_until
from tests.proxy import Proxy

INDEX = "CREATE INDEX CONCURRENTLY marks_n ON marks (n);"
VALID = "SELECT indisvalid FROM pg_index WHERE indrelid = 'marks'::regclass"
SLOW = "INSERT INTO marks VALUES (2);\nSELECT pg_sleep(600);"


def quick(scene: Scene) -> None:
    """Mend the slow migration, then run to the end; everything is there once."""
    scene.write(2, "INSERT INTO marks VALUES (2);\nSELECT pg_sleep(0);")
    done = scene.run()
    assert (done.code, done.states[-1]) == (0, "applied")
    assert (scene.applied(), scene.marks()) == ([1, 2], [2])


def test_kill_9_in_a_transaction_leaves_nothing_and_no_session(scene: Scene) -> None:
    """The server notices by itself that nobody listens, and rolls back; we end nothing for it."""
    scene.write(2, SLOW)
    running = scene.start()
    scene.until_active("pg_sleep(600)")
    running.kill()
    wait_until(lambda: not scene.active("pg_sleep(600)"))
    assert (scene.applied(), scene.marks()) == ([1], [])
    quick(scene)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_in_a_transaction_cancels_on_the_server(scene: Scene, number: int) -> None:
    scene.write(2, SLOW)
    running = scene.start()
    scene.until_active("pg_sleep(600)")
    running.signal(number)
    done = running.end()
    assert (done.code, done.states) == (130, ["applied", "failed"])
    assert "was rolled back: nothing of it is applied." in done.words
    wait_until(lambda: not scene.active("pg_sleep(600)"))
    assert (scene.applied(), scene.marks()) == ([1], [])
    quick(scene)


def built_again(scene: Scene) -> None:
    done = scene.run()
    assert (done.code, done.states) == (0, ["applied"])
    assert 'removed the INVALID index "public"."marks_n"' in done.said
    assert scene.database.run(VALID) == [(True,)]
    assert scene.applied() == [1, 2]


@pytest.fixture
def building(scene: Scene) -> "Callable[[Callable[[Run], None]], None]":
    """What ends a run while an index is built, which an open transaction holds up."""

    def end(how: "Callable[[Run], None]") -> None:
        scene.write(2, INDEX, outside=True)
        assert scene.run("apply", "--migration=step_1").code == 0
        with scene.database.connect() as application, application.transaction():
            application.execute("INSERT INTO marks VALUES (7)")
            running = scene.start()
            scene.until_active("CREATE INDEX CONCURRENTLY")
            how(running)
            wait_until(lambda: not scene.active("CREATE INDEX CONCURRENTLY"))

    return end


def test_kill_9_in_an_index_build_is_cleared_by_the_next_run(
    scene: Scene, building: "Callable[[Callable[[Run], None]], None]"
) -> None:
    building(Run.kill)
    assert scene.database.run(VALID) == [(False,)]
    assert scene.applied() == [1]
    assert set(scene.run("verify").codes) >= {"verify/invalid-index", "verify/unfinished"}
    built_again(scene)
    assert scene.run("verify").code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_in_an_index_build_is_cleared_by_the_next_run(
    scene: Scene, building: "Callable[[Callable[[Run], None]], None]", number: int
) -> None:
    def stop(running: Run) -> None:
        running.signal(number)
        done = running.end()
        assert (done.code, done.states) == (130, ["partial"])
        assert "runs outside a transaction" in done.words

    building(stop)
    assert scene.database.run(VALID) == [(False,)]
    built_again(scene)


MARK = b"INSERT INTO migrate_hooks.progress"


def test_killed_between_a_statement_and_its_mark_it_is_not_run_again(
    scene: Scene, line: Path
) -> None:
    """The index is built and valid; that it is, was never written down."""
    scene.write(2, f"INSERT INTO marks VALUES (2);\n{INDEX}", outside=True)
    assert scene.run("apply", "--migration=step_1").code == 0
    running: list[Run] = []

    def cut(data: bytes) -> str:
        if MARK not in data or scene.database.run(VALID) != [(True,)]:
            return ""
        running[0].process.kill()
        return "before"

    scene.through(line)
    with Proxy(line, Path(scene.database.parameters["host"]), cut) as proxy:
        running.append(scene.start())
        running[0].process.communicate()
    assert proxy.was_cut
    assert scene.database.run("SELECT statements_done, running FROM migrate_hooks.progress") == [
        (1, True)
    ]
    built = scene.database.run("SELECT 'marks_n'::regclass::oid")
    scene.point(scene.database.url)
    assert scene.run().code == 0
    assert scene.database.run("SELECT 'marks_n'::regclass::oid") == built
    assert (scene.applied(), scene.marks()) == ([1, 2], [2])


KILLS = 20
FILES = 80


def test_killed_twenty_times_at_random_everything_is_applied_exactly_once(scene: Scene) -> None:
    """Every third file runs outside a transaction; every file leaves its number in a table."""
    for number in range(2, FILES + 1):
        up = f"INSERT INTO marks VALUES ({number});\nSELECT pg_sleep(0.02);"
        scene.write(number, up, outside=number % 3 == 0)
    chance = random.Random(4)  # noqa: S311 - the same moments in every run
    killed = [kill_at_random(scene, chance) for _ in range(KILLS)]
    assert sum(killed) > KILLS // 2, "most of them must meet a run at work"
    assert scene.applied(), "the killed ones together have come some way"
    assert len(scene.applied()) < FILES, "and the last one has something left to do"
    done = scene.run()
    assert done.code == 0, done
    assert scene.marks() == list(range(2, FILES + 1))
    assert scene.applied() == list(range(1, FILES + 1))
    assert scene.database.run("SELECT count(*) FROM migrate_hooks.progress") == [(0,)]


def kill_at_random(scene: Scene, chance: random.Random) -> bool:
    """Start a run and kill it up to 0.12 s after it began to work; return whether it had to be."""
    running = scene.start()
    wait_until(lambda: "\n" in running.process.errors())  # the first line of the plan
    time.sleep(chance.uniform(0, 0.12))
    early = not running.process.is_over
    running.kill()
    return early
