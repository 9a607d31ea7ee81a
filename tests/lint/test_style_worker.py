"""sqlfluff beside us says what it says here, and a process that fails costs time, not findings."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.lint import style_worker

MIXED = "SELECT 1 from dual;\n"


def test_two_processes_say_what_this_one_says(tmp_path: Path) -> None:
    texts = {f"migrations/{number}.sql": "\n" * number + MIXED for number in range(10)}
    found = style_worker.beside(tmp_path, texts)()
    assert found == style_worker.here(tmp_path, texts)()
    assert all(found[path] for path in texts)


def test_what_a_process_does_not_answer_is_read_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"migrations/1.sql": MIXED}
    monkeypatch.setattr(sys, "executable", "/bin/true")
    finish = style_worker.beside(tmp_path, texts)
    assert [one.code for one in finish()["migrations/1.sql"]] == ["sqlfluff/CP01"]


def test_a_refused_configuration_is_said_by_us(tmp_path: Path) -> None:
    (tmp_path / ".sqlfluff").write_text("[sqlfluff\n")
    with pytest.raises(ConfigProblem):
        style_worker.beside(tmp_path, {"1.sql": MIXED})()


PARENT = """
import sys, time
from pathlib import Path
from migrate_hooks.lint import style_worker
finish = style_worker.beside(Path(sys.argv[1]), {"1.sql": "SELECT 1 from dual;" * 100_000})
print("at work", flush=True)
time.sleep(60)
"""


def children(parent: int) -> list[int]:
    """Return the processes that `parent` has started and not buried."""
    return [
        int(word) for word in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    ]


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 15
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells who is whose child")
def test_a_killed_parent_leaves_no_process(tmp_path: Path) -> None:
    words = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"at work\n"
        (worker,) = children(parent.pid)
        wait_until(lambda: "sqlfluffrs" in Path(f"/proc/{worker}/maps").read_text())
        parent.kill()
    wait_until(lambda: not is_alive(worker))
