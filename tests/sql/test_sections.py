"""Markers are found where they are meant, and never where they are only said."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate_hooks.sql import sections
from migrate_hooks.sql.sections import Sections
from migrate_hooks.sql.split import statements
from tests.sql.test_lexer import SQL

FILE = """\
-- Why this is done.
-- ===== UP MIGRATION =====
CREATE TABLE a (x int);

-- ---- Down ----
DROP TABLE a;
"""


def marks(text: str) -> list[tuple[str, int]]:
    return [(marker.kind, marker.line) for marker in sections.read(text).markers]


@pytest.mark.parametrize(
    "line",
    [
        "-- UP Migration",
        "-- Up",
        "--up",
        "-- UP:",
        "-- up migrations",
        "-- UP Migration (forward)",
        "-- UP Migration (forward):",
        "-- UP: (forward)",
        "-- ===== UP MIGRATION =====",
        "---- UP ----",
        "-- ---- Up ----",
        "-- *** Up ***",
        "-- ### UP",
        "--- Up ---",
        "   -- Up   ",
        "\t--\tUp\t",
        "-- ~~~ up ~~~",
        "-- == UP Migration (forward) ==",
    ],
)
def test_a_line_that_is_only_a_marker_is_one(line: str) -> None:
    assert marks(f"SELECT 1;\n{line}\nSELECT 2;\n") == [("up", 2)]
    assert marks(line.replace("UP", "Down").replace("Up", "DOWN").replace("up", "down")) == [
        ("down", 1)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "-- Down below we create the table",
        "-- up to 10 rows",
        "-- Down, then up",
        "-- Upgrade",
        "-- Downtime",
        "-- up/down",
        "-- UP and DOWN",
        "-- the down migration",
        "-- Down?",
        "-- -- Down",
        "-- Down -- really",
        "-- (Down)",
        "# Down",
        "-- +goose Down",
        "-- Down 2",
        "-- DOWN: irreversible because it is",
        "/* Down */",
        "/*\n-- Down\n*/",
        "/* /* */\n-- Down\n*/",
        "SELECT '\n-- Down\n';",
        "SELECT E'\\'\n-- Down\n';",
        "DO $$\n-- Down\n$$;",
        "DO $x$\n$$\n-- Down\n$x$;",
        'SELECT 1 AS "\n-- Down\n";',
        "SELECT 1; -- Down",
        "CREATE TABLE a (\n-- Down\nx int);",
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1;\n-- Down\nSELECT 2; END;",
        "SELECT 'never closed\n-- Down\n",
    ],
)
def test_no_sentence_and_no_body_is_a_marker(text: str) -> None:
    assert marks(text) == []


def test_a_marker_ends_a_statement_that_forgot_its_terminator() -> None:
    assert marks("-- Up\nDROP TABLE a\n-- Down\nCREATE TABLE a ()") == [("up", 1), ("down", 3)]


def parts(text: str) -> list[tuple[str, str]]:
    return [
        (part.kind, " ".join(text[part.span.start : part.span.end].split()))
        for part in sections.read(text).parts
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("up", "")]),
        ("SELECT 1;", [("up", "SELECT 1;")]),
        ("-- title\n-- Up\nA;\n-- Down\nB;", [("up", "A;"), ("down", "B;")]),
        ("SET x = 1;\n-- Up\nA;\n-- Down\nB;", [("up", "SET x = 1; -- Up A;"), ("down", "B;")]),
        ("A;\n-- Down\nB;", [("up", "A;"), ("down", "B;")]),
        ("-- title\n-- Down\nB;", [("down", "B;")]),
        ("-- Down\nB;\n-- Up\nA;", [("down", "B;"), ("up", "A;")]),
        ("-- Up\nA;\n-- Up\nC;", [("up", "A; -- Up C;")]),
        ("-- Up\nA;\n-- Down\nB;\n-- Up\nC;", [("up", "A;"), ("down", "B;"), ("up", "C;")]),
        ("-- Up\n-- Down\n", [("up", ""), ("down", "")]),
    ],
)
def test_every_statement_belongs_to_a_part(text: str, expected: list[tuple[str, str]]) -> None:
    assert parts(text) == expected


def test_the_first_parts_are_up_and_down() -> None:
    found = sections.read("-- Down\nB;")
    assert (found.up, found.down) == (None, found.parts[0].span)


@pytest.mark.parametrize(
    ("line", "reason", "waived"),
    [
        ("-- DOWN: irreversible because data is gone", "data is gone", True),
        ("-- down: Irreversible, because: it's gone  ", "it's gone", True),
        ("--DOWN : IRREVERSIBLE BECAUSE x", "x", True),
        ("-- DOWN: irreversible because", None, True),
        ("-- DOWN: irreversible because ...", None, True),
        ("-- DOWN: irreversible", None, True),
        ("-- DOWN: irreversible, the rows are gone", None, True),
        ("-- DOWN: reversible because x", None, False),
        ("-- this is irreversible because x", None, False),
        ("SELECT '\n-- DOWN: irreversible because x\n';", None, False),
    ],
)
def test_the_reason_for_no_down(line: str, reason: str | None, waived: bool) -> None:
    found = sections.read(f"-- Up\nA;\n{line}\n")
    assert (found.waiver, found.waiver_line) == (reason, 3 if waived else None)
    assert sections.is_waiver(line) is (waived and "SELECT" not in line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-- migrate-hooks: no-transaction\nA;", True),
        ("-- Up\nA;\n--Migrate-Hooks:no-transaction\n", True),
        ("-- migrate-hooks: no-transaction is what we do not want\nA;", False),
        ("DO $$\n-- migrate-hooks: no-transaction\n$$;", False),
        ("/*\n-- migrate-hooks: no-transaction\n*/", False),
    ],
)
def test_who_asks_for_no_transaction(text: str, expected: bool) -> None:
    assert sections.read(text).no_transaction is expected


@pytest.mark.parametrize(
    ("body", "commented"),
    [
        ("-- DROP TABLE a;", True),
        ("/* DROP TABLE a; */", True),
        ("-- To undo:\n-- DROP TABLE a;", True),
        ("DROP TABLE a;", False),
        ("-- DROP TABLE a;\nDROP TABLE a;", False),
        ("-- by hand", False),
        ("", False),
    ],
)
def test_a_down_in_comments_is_told(body: str, commented: bool) -> None:
    marker = sections.read(f"-- Up\nA;\n-- Down\n{body}\n").markers[-1]
    assert marker.commented is commented


def shape(found: Sections) -> object:
    kinds = [part.kind for part in found.parts]
    places = [(each.kind, each.line, each.column, each.commented) for each in found.markers]
    return kinds, places, found.waiver, found.waiver_line, found.no_transaction


LINES = st.sampled_from(
    [
        "-- Up",
        "-- Down",
        "-- ==== DOWN ====",
        "-- DOWN: irreversible because x",
        "A;",
        "$$",
        "'",
        "/*",
        "*/",
        "(",
        ")",
        "-- DROP TABLE a;",
        "-- migrate-hooks: no-transaction",
        "B; -- Up",
        "",
        "  -- Down",
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(LINES, max_size=12), st.sampled_from(["", "\ufeff"]))
def test_sections_do_not_depend_on_line_ends_or_a_mark(lines: list[str], start: str) -> None:
    plain = sections.read("\n".join(lines))
    assert shape(sections.read(start + "\r\n".join(lines))) == shape(plain)


@settings(deadline=None, max_examples=300)
@given(st.one_of(SQL, st.lists(LINES, max_size=12).map("\n".join)))
def test_halves_keep_every_place_and_split_the_text(text: str) -> None:
    found = sections.read(text)
    halves = [sections.half(text, found, kind) for kind in ("up", "down")]
    assert [len(half) for half in halves] == [len(text), len(text)]
    for span in [part.span for part in found.parts]:
        for offset in range(span.start, span.end):
            assert text[offset] in {half[offset] for half in halves}
    assert [half.count("\n") for half in halves] == [text.count("\n")] * 2


def test_blanking_keeps_lines() -> None:
    text = FILE.replace("\n", "\r\n")
    down = sections.read(text).down
    assert down is not None
    blanked = sections.blank(text, down)
    assert "DROP" not in blanked
    assert [len(line) for line in blanked.split("\r\n")] == [len(one) for one in text.split("\r\n")]
    assert [each.verb for each in statements(blanked)] == ["CREATE TABLE"]


@pytest.mark.parametrize(
    "text",
    [
        "-- down" + " " * 50_000 + "x",
        "-- " + "= " * 50_000 + "x",
        "-" * 100_000,
        "-- Down\n" * 20_000,
        "-- Down\n-- x\n" * 20_000,
        "-- Down\n" + "-- DROP TABLE a;\n" * 20_000,
    ],
)
def test_hostile_comments_end(text: str) -> None:
    """Each of these would take for ever with a careless pattern."""
    assert sections.read(text + "\n-- Up\n").markers[-1].kind == "up"
