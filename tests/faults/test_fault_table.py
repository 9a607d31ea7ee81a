"""docs/RELIABILITY.md cannot lie about what is tested: its tables are held against the tests."""

import ast
import re
from pathlib import Path

from tests.docs.markdown import ROOT

PAGE = ROOT / "docs/RELIABILITY.md"
HEADER = "| What goes wrong | What holds | Test |"
ENOUGH = 30
_ROW = re.compile(r"^\| (?P<fault>[^|]+) \| (?P<holds>[^|]+) \| (?P<tests>[^|]+) \|$")
_TEST = re.compile(r"`(?P<file>[\w/]+\.py)::(?P<name>\w+)`")


def rows(page: str) -> list[re.Match[str]]:
    """Return the rows of the tables of faults; raises AssertionError for one that is no row."""
    found, inside = [], False
    for line in page.splitlines():
        inside = line == HEADER or (inside and line.startswith("|"))
        if inside and line != HEADER and not line.startswith("|---"):
            row = _ROW.match(line)
            assert row, f"no row of three cells: {line}"
            found.append(row)
    return found


def named(page: str) -> list[tuple[str, str]]:
    return [
        (one["file"], one["name"]) for row in rows(page) for one in _TEST.finditer(row["tests"])
    ]


def functions(file: Path) -> set[str]:
    """Return the names of a file's test functions."""
    return {
        node.name
        for node in ast.parse(file.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def unknown(page: str) -> list[str]:
    """Return the tests that the page names and that do not exist."""
    known: dict[str, set[str]] = {}
    for file, _ in named(page):
        path = ROOT / "tests" / file
        known[file] = functions(path) if path.exists() else set()
    return [f"{file}::{name}" for file, name in named(page) if name not in known[file]]


def test_every_row_names_a_test_that_exists() -> None:
    page = PAGE.read_text()
    assert all(_TEST.search(row["tests"]) for row in rows(page))
    assert unknown(page) == []


def test_every_test_of_a_fault_has_a_row() -> None:
    page = named(PAGE.read_text())
    here = Path(__file__)
    missing = [
        (f"faults/{file.name}", name)
        for file in sorted(here.parent.glob("test_fault_*.py"))
        if file != here
        for name in sorted(functions(file))
        if (f"faults/{file.name}", name) not in page
    ]
    assert missing == [], f"write a row for each of them into {PAGE.name}"


def test_the_page_counts_right() -> None:
    page = PAGE.read_text()
    count = len(rows(page))
    assert count >= ENOUGH
    assert f"{count} faults" in page, f"there are {count} of them now"
    assert len({row["fault"] for row in rows(page)}) == count, "a fault is told once"


def test_a_test_that_is_not_there_is_found() -> None:
    page = f"{HEADER}\n|---|---|---|\n| a | b | `faults/test_fault_table.py::test_no_such` |\n"
    assert unknown(page) == ["faults/test_fault_table.py::test_no_such"]
    assert unknown(page.replace("test_no_such", "test_the_page_counts_right")) == []
