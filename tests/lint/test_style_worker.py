"""sqlfluff beside us says what it says here, and a process that fails costs time, not findings."""

import sys
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
