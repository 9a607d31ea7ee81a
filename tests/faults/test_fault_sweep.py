"""A run is cut off at each message that it sends, in its turn."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from migrate_hooks.actions import apply, rollback
from migrate_hooks.actions.voice import Voice
from migrate_hooks.config.load import load
from migrate_hooks.errors import Exit, Failure
from migrate_hooks.model.report import Report
from tests.faults.scene import Scene
from tests.proxy import Proxy

BUILD = "CREATE INDEX CONCURRENTLY marks_n ON marks (n);"
DROP = "DROP INDEX CONCURRENTLY marks_n;"
VALID = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('marks_n')"


@dataclass(frozen=True, slots=True)
class Deed:
    """What is cut off: its verb, and the state in which a step of it stands."""

    run: Callable[[Scene], Report]
    done: str

    def states(self, scene: Scene) -> list[str]:
        """Carry it out in this process; return the states of its steps, or why there are none."""
        try:
            report = self.run(scene)
        except Failure as failure:
            return ["not begun" if failure.exit is Exit.UNCHECKED else failure.code]
        return [step.state for step in report.steps] or ["nothing"]


def _apply(scene: Scene) -> Report:
    return apply.run(load(scene.folder, None, {}), apply.Order("staging"), Voice())


def _roll_back(scene: Scene) -> Report:
    order = rollback.Order("staging", steps=len(scene.applied()))
    return rollback.run(load(scene.folder, None, {}), order, Voice())


APPLY = Deed(_apply, "applied")
ROLL_BACK = Deed(_roll_back, "rolled-back")


def log(number: int) -> str:
    return f"INSERT INTO log VALUES ({number});"


@pytest.fixture
def three(scene: Scene) -> Scene:
    """Three files that leave a number behind each time a part of them runs."""
    scene.database.run("CREATE TABLE log (n int)")
    scene.write(1, f"CREATE TABLE marks (n int);\n{log(1)}", f"DROP TABLE marks;\n{log(-1)}")
    up, down = (log(2), BUILD, log(20)), (log(-20), DROP, log(-2))
    scene.write(2, "\n".join(up), "\n".join(down), outside=True)
    scene.write(3, log(3), log(-3))
    return scene


def logged(scene: Scene) -> list[int]:
    return [n for (n,) in scene.database.run("SELECT n FROM log ORDER BY n")]


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_apply_that_is_cut_off_at_any_message_leaves_what_it_says(
    three: Scene, line: Path, when: str
) -> None:
    for number in count(1):
        three.database.run(
            "DROP SCHEMA IF EXISTS supabase_migrations, migrate_hooks CASCADE;"
            "DROP TABLE IF EXISTS marks; TRUNCATE log"
        )
        states = cut(three, line, APPLY, when, number)
        stands = three.applied()
        assert says(states, APPLY.done, {n: n in stands for n in (1, 2, 3)}), (number, states)
        assert APPLY.states(three)[-1] in ("applied", "nothing"), number
        assert (three.applied(), logged(three)) == ([1, 2, 3], [1, 2, 3, 20]), number
        assert three.database.run(VALID) == [(True,)], number
        if "cut" not in states:
            break
    assert number > 15, "a run of three files says more than that"


def test_a_rollback_that_is_cut_off_at_any_message_leaves_what_it_says(
    three: Scene, line: Path
) -> None:
    for number in count(1):
        assert APPLY.states(three)[-1] == "applied", number
        three.database.run("TRUNCATE log")
        states = cut(three, line, ROLL_BACK, "after", number)
        stands = three.applied()
        assert says(states, ROLL_BACK.done, {n: n not in stands for n in (3, 2, 1)}), states
        if stands:
            assert ROLL_BACK.states(three)[-1] == "rolled-back", number
        assert (three.applied(), logged(three)) == ([], [-20, -3, -2, -1]), number
        assert not three.has("marks"), number
        if "cut" not in states:
            break
    assert number > 15


def cut(scene: Scene, line: Path, deed: Deed, when: str, number: int) -> list[str]:
    """Cut the deed off at its message `number`; return its states, and "cut" if it has so many."""
    sent = count(1)
    (line / ".s.PGSQL.5432").unlink(missing_ok=True)
    scene.through(line)
    server = Path(scene.database.parameters["host"])
    with Proxy(line, server, lambda _: when if next(sent) == number else "") as proxy:
        states = deed.states(scene)
    scene.point(scene.database.url)
    return [*states, "cut"] if proxy.was_cut else states


def says(states: list[str], done: str, stands: dict[int, bool]) -> bool:
    """Return whether exactly what was called done stands; of what is unknown either may be so."""
    if states[0] in ("not begun", "nothing"):
        return states[0] == "nothing" or not any(stands.values())
    unclear = ("unknown", "partial")
    return all(
        state in unclear or (state == done) is stood
        for state, stood in zip(states, stands.values(), strict=False)
    )
