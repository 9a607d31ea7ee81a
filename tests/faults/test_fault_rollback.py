"""Taking back goes wrong: what is taken back is exactly what is said, and once."""

import signal

import pytest

from tests.faults.scene import Scene, wait_until

DOWN = "DELETE FROM marks;\nSELECT pg_sleep(600);"
ROLLBACK = ("rollback", "--steps=1")


@pytest.fixture
def applied(scene: Scene) -> Scene:
    scene.write(2, "INSERT INTO marks VALUES (2);", DOWN)
    assert scene.run().code == 0
    return scene


def there_again(scene: Scene) -> None:
    """Nothing was taken back; with its DOWN mended the same command does it."""
    assert (scene.applied(), scene.marks()) == ([1, 2], [2])
    scene.write(2, "INSERT INTO marks VALUES (2);", "DELETE FROM marks;")
    done = scene.run(*ROLLBACK)
    assert (done.code, done.states) == (0, ["rolled-back"])
    assert (scene.applied(), scene.marks()) == ([1], [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_rollback_that_is_interrupted_takes_nothing_back(applied: Scene, number: int) -> None:
    running = applied.start(*ROLLBACK)
    applied.until_active("pg_sleep(600)")
    running.signal(number)
    done = running.end()
    assert (done.code, done.states) == (130, ["failed"])
    wait_until(lambda: not applied.active("pg_sleep(600)"))
    there_again(applied)


def test_kill_9_in_a_rollback_takes_nothing_back(applied: Scene) -> None:
    running = applied.start(*ROLLBACK)
    applied.until_active("pg_sleep(600)")
    running.kill()
    wait_until(lambda: not applied.active("pg_sleep(600)"))
    there_again(applied)


def test_a_rollback_and_two_applies_at_once_go_one_after_the_other(scene: Scene) -> None:
    """Whichever is first: ledger and table agree afterwards."""
    for number in (2, 3):
        up = f"INSERT INTO marks VALUES ({number});\nSELECT pg_sleep(0.3);"
        scene.write(number, up, f"DELETE FROM marks WHERE n = {number};")
    assert scene.run("apply", "--to=step_2").code == 0
    runs = [scene.start(), scene.start("rollback", "--migration=step_2"), scene.start()]
    ended = [run.end() for run in runs]
    assert {done.code for done in ended} <= {0, 1}, "a guard may say no, nothing may fail"
    assert scene.marks() == [number for number in scene.applied() if number > 1]
    assert 3 in scene.applied()
