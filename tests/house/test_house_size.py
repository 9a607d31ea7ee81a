"""Files and functions stay small enough to be read in one go."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "migrate_hooks"
FILES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
LONGEST_FILE = 320
LONGEST_FUNCTION = 55


def functions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the name and the length in lines of every function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("file", FILES)
def test_files_and_functions_are_short(file: str) -> None:
    text = FILES[file].read_text()
    too_long = {
        name: lines for name, lines in functions(ast.parse(text)) if lines > LONGEST_FUNCTION
    }
    assert (text.count("\n") <= LONGEST_FILE, too_long) == (True, {})


def test_there_is_no_dumping_ground() -> None:
    dumps = {"utils", "util", "helpers", "common", "misc", "core", "compat"}
    assert [file for file in FILES if dumps & set(Path(file).with_suffix("").parts)] == []
