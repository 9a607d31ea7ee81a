"""What functions and DO blocks say, and what stands in their bodies: text in, values out."""

import pytest

from migrate_hooks.model.migration import Statement
from migrate_hooks.sql.functions import BodyProblem, routine, syntax_problem
from migrate_hooks.sql.operations import operations
from migrate_hooks.sql.split import statements

HEAD = "SELECT 1;\nCREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS "


def last(sql: str) -> tuple[Statement, str]:
    one = operations(statements(sql))[-1]
    return one.statement, routine(one.node).body


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "CREATE FUNCTION a.f() RETURNS int LANGUAGE SQL STABLE SECURITY DEFINER "
            "SET Search_Path = '' AS 'SELECT 1'",
            (("a", "f"), "sql", "SELECT 1", True, "stable", {"search_path"}),
        ),
        ("DO 'BEGIN END'", (("", ""), "plpgsql", "BEGIN END", False, "volatile", set())),
        ("ALTER FUNCTION f SET a.b = 1", (("", "f"), "sql", "", False, "volatile", {"a.b"})),
        ("ALTER FUNCTION f RESET ALL", (("", "f"), "sql", "", False, "volatile", set())),
        ("ALTER FUNCTION f SET x TO DEFAULT", (("", "f"), "sql", "", False, "volatile", set())),
    ],
)
def test_a_routine_is_read(sql: str, expected: tuple[object, ...]) -> None:
    found = routine(operations(statements(sql))[-1].node)
    said = (found.name, found.language, found.body, found.is_definer, found.volatility)
    assert (*said, found.settings) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("$$\nBEGIN\n  RETURN 1;\nEND $$", None),
        (
            "$$\nBEGIN\n  RETRUN 1;\nEND $$",
            BodyProblem('syntax error at or near "RETRUN"', 4),
        ),
        (
            "$$\nDECLARE\n  a int\n  b int;\nBEGIN\n  RETURN 1;\nEND $$",
            BodyProblem('syntax error at or near "b"', 5),
        ),
        (
            "$$BEGIN\n  IF a THEN\n  RETURN 1;\nEND\n$$",
            BodyProblem("syntax error at end of input", 5),
        ),
        # What the parser says about names and types is not to be believed: it knows no catalog.
        ("$$\nDECLARE\n  r t%ROWTYPE;\nBEGIN\n  SELECT 1 INTO r.a;\nEND $$", None),
        ("$$\nDECLARE\n  r a.b;\nBEGIN\n  RETURN 1;\nEND $$", None),
    ],
)
def test_a_body_that_cannot_be_read_is_placed_in_the_file(
    body: str, expected: BodyProblem | None
) -> None:
    statement, text = last(HEAD + body)
    assert syntax_problem(statement, text) == expected
