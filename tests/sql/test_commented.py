"""SQL is read out of comments; prose between it stays prose."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate_hooks.sql.commented import revive, revived_statements
from migrate_hooks.sql.split import Span


def revived(text: str) -> list[tuple[str, int, int]]:
    found = revived_statements(revive(text, Span(0, len(text))))
    return [(each.text, each.line, each.column) for each in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-- DROP TABLE a;", [("DROP TABLE a", 1, 4)]),
        ("--DROP TABLE a;\r\n--DROP TABLE b;", [("DROP TABLE a", 1, 3), ("DROP TABLE b", 2, 3)]),
        ("  -- DROP TABLE a; DROP TABLE b", [("DROP TABLE a", 1, 6), ("DROP TABLE b", 1, 20)]),
        ("-- CREATE VIEW v AS\n--   SELECT 1;", [("CREATE VIEW v AS\n  SELECT 1", 1, 4)]),
        ("/* DROP TABLE a;\n   DROP TABLE b; */", [("DROP TABLE a", 1, 4), ("DROP TABLE b", 2, 4)]),
        ("/*\nDROP TABLE a;\n*/\n-- DROP TABLE b;",
         [("DROP TABLE a", 2, 1), ("DROP TABLE b", 4, 4)]),
        ("-- To undo, don't panic:\n-- DROP TABLE a;", [("DROP TABLE a", 2, 4)]),
        ("-- Drop the table by hand.\n-- Update nothing.\n-- With care.", []),
        ("-- -- DROP TABLE a;", []),
        ("DROP TABLE a; -- DROP TABLE b;", []),
        ("-- DROP TABLE a; -- the old one\n-- DROP TABLE b;",
         [("DROP TABLE a", 1, 4), ("DROP TABLE b", 2, 4)]),
        ("-- DO $$\n-- BEGIN\n--   PERFORM 1;\n-- END $$;\n-- bye",
         [("DO $$\nBEGIN\n  PERFORM 1;\nEND $$", 1, 4)]),
        ("-- BEGIN;\n-- DROP TABLE a;\n-- COMMIT;",
         [("BEGIN", 1, 4), ("DROP TABLE a", 2, 4), ("COMMIT", 3, 4)]),
        ("-- alter table a\n--   drop column b;\n\n-- update a set b = 1;",
         [("alter table a\n  drop column b", 1, 4), ("update a set b = 1", 4, 4)]),
        ("-- CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1;';",
         [("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1;'", 1, 4)]),
        ("", []),
    ],
)  # fmt: skip
def test_what_comments_say(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert revived(text) == expected


def test_only_the_span_counts_and_lines_are_the_files() -> None:
    text = "-- DROP TABLE a;\n\n-- DROP TABLE b;\n-- DROP TABLE c;\n"
    span = Span(text.index("-- DROP TABLE b"), text.index("-- DROP TABLE c"))
    (found,) = revived_statements(revive(text, span))
    assert (found.text, found.line, found.column) == ("DROP TABLE b", 3, 4)


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="-/* \nDROPTABLEab;'$x"), st.integers(0, 20), st.integers(0, 20))
def test_any_text_can_be_asked(text: str, start: int, length: int) -> None:
    span = Span(min(start, len(text)), min(start + length, len(text)))
    lines = text.count("\n") + 1
    assert all(each.line <= lines for each in revived_statements(revive(text, span)))
