"""Style findings from the shelf: the same as fresh ones, and gone when anything they hang on is."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from migrate_hooks.lint import remembered
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.outside import shelf
from tests.program import Program

BAD = "-- UP Migration\nSELECT 1 from dual;\n-- DOWN Migration\nSELECT 1;\n"
PATH = "migrations/20250101000000_x.sql"


@pytest.fixture
def lint(tmp_path: Path) -> Program:
    (tmp_path / "migrations").mkdir()
    (tmp_path / PATH).write_text(BAD)
    return Program(tmp_path)


def codes(program: Program) -> list[str]:
    printed = program("lint", PATH, "--format=json").stdout
    return [line for line in printed.splitlines() if '"sqlfluff/' in line]


def test_a_second_run_says_the_same(lint: Program) -> None:
    first = lint("lint", PATH, "--format=json")
    assert "sqlfluff/CP01" in first.stdout
    assert lint("lint", PATH, "--format=json") == first


def test_another_text_is_read_again(lint: Program) -> None:
    assert codes(lint)
    (lint.folder / PATH).write_text(BAD.replace("from", "FROM"))
    assert not codes(lint)


def test_another_configuration_is_asked_again(lint: Program) -> None:
    assert codes(lint)
    (lint.folder / ".sqlfluff").write_text("[sqlfluff]\nexclude_rules = CP01\n")
    assert not codes(lint)


def test_an_answer_that_cannot_be_read_is_asked_again(lint: Program) -> None:
    assert codes(lint)
    with closing(sqlite3.connect(shelf.place())) as connection, connection:
        connection.execute("UPDATE answers SET answer = '[[1]]'")
    assert codes(lint)


def judged_twice(root: Path, change: Callable[[], object], first: Finding, world: str = "") -> int:
    """Return how often two runs with a change between them were really judged."""
    asked: list[int] = []

    def judge() -> tuple[Finding, ...]:
        asked.append(1)
        return (first,)

    assert remembered.whole(["text"], [PATH], root, judge) == (first,)
    change()
    assert remembered.whole([world or "text"], [PATH], root, judge) == (first,)
    return len(asked)


FOUND = Finding("locks/x", Severity.CRITICAL, "Müßig.", FilePlace(PATH, 3, 7), "Do it.")
CRASHED = Finding("squawk/not-checked", Severity.CRITICAL, "It crashed.", FilePlace(PATH))


def test_an_unchanged_run_is_answered_as_a_whole(tmp_path: Path) -> None:
    assert judged_twice(tmp_path, lambda: None, FOUND) == 1


def test_another_world_is_judged_again(tmp_path: Path) -> None:
    assert judged_twice(tmp_path, lambda: None, FOUND, world="other text") == 2


@pytest.mark.parametrize("name", [".squawk.toml", ".sqlfluff", "migrations/.sqlfluff"])
def test_another_configuration_of_an_engine_is_judged_again(tmp_path: Path, name: str) -> None:
    (tmp_path / "migrations").mkdir()
    change = (tmp_path / name).write_text
    assert judged_twice(tmp_path, lambda: change("[sqlfluff]\n"), FOUND) == 2


def test_a_crash_is_not_remembered(tmp_path: Path) -> None:
    assert judged_twice(tmp_path, lambda: None, CRASHED) == 2
