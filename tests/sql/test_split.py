"""Statements are whole, complete and know where they stand."""

import postgast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate_hooks.sql.lexer import significant
from migrate_hooks.sql.split import Span, levels, statements, tokens, unwrap
from tests.databases import Database
from tests.sql.test_lexer import COPY, SQL

ATOMIC = """CREATE OR REPLACE FUNCTION tier(points int) RETURNS text LANGUAGE sql
BEGIN ATOMIC
  SELECT 1 AS "end";
  SELECT CASE WHEN points > 9 THEN CASE points WHEN 10 THEN 'a' ELSE 'b' END ELSE 'c' END;
END"""
RULE = """CREATE OR REPLACE RULE keep AS ON DELETE TO kept
DO INSTEAD (UPDATE kept SET gone = true WHERE id = old.id; SELECT 1)"""
BODY = "DO $do$ BEGIN PERFORM $$;$$; END $do$"
WHOLE = (
    "CREATE TABLE kept (id int, gone bool DEFAULT false, note text DEFAULT ';' /* ; */)",
    'CREATE TABLE "odd;name" ("a""b" text -- it\'s ;\n)',
    ATOMIC,
    RULE,
    BODY,
    r"SELECT E'\';', U&'d\0061t', 'it''s;', $$;$$",
    r'CREATE TABLE U&"d\0061t;" (id int)',
    "BEGIN",
    "COMMIT",
    "SELECT (CASE WHEN true THEN 1 END) AS atomic",
    'INSERT INTO "odd;name" VALUES ($q$;$q$)',
)
NOISE = (
    "",
    " ",
    "\n",
    "\r\n",
    "-- it's; $$\n",
    "/* ; /* ' */ */",
    "\n-- Down below\n",
    ";",
    "\t;\n",
)


def texts(text: str) -> list[str]:
    return [statement.text for statement in statements(text)]


def meaning(text: str) -> list[tuple[str, str]]:
    """The tokens that count, without terminators between statements."""
    return [(t.kind, t.text) for t in significant(tokens(text)) if t.kind != "semicolon"]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.tuples(st.sampled_from(NOISE), st.sampled_from(WHOLE)), max_size=8))
def test_statements_stay_whole_between_comments_and_blanks(parts: list[tuple[str, str]]) -> None:
    text = "".join(f"{noise}{whole};" for noise, whole in parts)
    found = statements(text)
    assert [statement.text for statement in found] == [whole for _, whole in parts]
    lines = text.split("\n")
    for statement in found:
        rest = "\n".join(lines[statement.line - 1 :])[statement.column - 1 :]
        assert rest.startswith(statement.text)


@settings(deadline=None, max_examples=300)
@given(st.one_of(SQL, st.text()))
def test_no_token_that_means_something_is_lost(text: str) -> None:
    pieces = [piece for whole in texts(text) for piece in meaning(f" {whole}")]
    together = "".join(text for _, text in pieces)
    assert together.replace(";", "") == "".join(t for _, t in meaning(text)).replace(";", "")


@settings(deadline=None, max_examples=100)
@given(st.lists(st.sampled_from(WHOLE), max_size=8), st.sampled_from(["\n", "\r\n"]))
def test_the_servers_own_parser_cuts_at_the_same_places(wholes: list[str], line: str) -> None:
    text = f";{line}".join(wholes).replace("\n", line)
    assert texts(text) == [piece.strip() for piece in postgast.split(text) if piece.strip()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" ;;-- x\n;", []),
        ("SELECT 1", ["SELECT 1"]),
        ("/* a */ SELECT /* b */ 1 /* c */;", ["SELECT /* b */ 1"]),
        ("SELECT '; DROP", ["SELECT '; DROP"]),
        ("CREATE TABLE a (x int; DROP TABLE b;", ["CREATE TABLE a (x int", "DROP TABLE b"]),
        ("SELECT 1); SELECT 2;", ["SELECT 1)", "SELECT 2"]),
        ("\\connect shop\nSELECT 1;", ["\\connect shop", "SELECT 1"]),
        ("SELECT 1 \\gset\nSELECT 2;", ["SELECT 1", "\\gset", "SELECT 2"]),
        ("CREATE TABLE a (\n\\i x\n);", ["CREATE TABLE a (", "\\i x", ")"]),
        (COPY, [COPY[: COPY.index("\nSELECT")], "SELECT 1"]),
        ("CREATE FUNCTION f() BEGIN ATOMIC SELECT a.end, b AS case; END; SELECT 2", [
            "CREATE FUNCTION f() BEGIN ATOMIC SELECT a.end, b AS case; END", "SELECT 2",
        ]),
        ("BEGIN; SELECT atomic; END; SELECT 1", ["BEGIN", "SELECT atomic", "END", "SELECT 1"]),
    ],
)  # fmt: skip
def test_where_a_statement_ends(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.parametrize("line", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_places_are_those_of_the_whole_file(line: str, start: str) -> None:
    text = start + line.join(["SELECT 1; SELECT 2;", "-- x", "  DROP TABLE é; DROP TABLE b;", ""])
    expected = [(1, 1), (1, 11), (3, 3), (3, 17)]
    assert [(each.line, each.column) for each in statements(text)] == expected
    behind = Span(text.index("--"), len(text))
    assert [(each.line, each.column) for each in statements(text, behind)] == expected[2:]


def test_psql_commands_and_copy_can_be_told() -> None:
    found = statements("\\i other.sql\n" + COPY)
    assert [(each.verb, each.target) for each in found] == [
        ("\\", "\\i"),
        ("COPY", "t"),
        ("SELECT", ""),
    ]


def test_inside_is_what_a_marker_must_not_stand_in() -> None:
    inside = {token.text for token, within in levels(tokens(f"a (b); {ATOMIC}; c")) if within}
    assert {"(", "b", "SELECT"} <= inside
    assert inside.isdisjoint({"a", ")", "c", "CREATE"})


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("BEGIN; SELECT 1; COMMIT;", 1),
        ("START TRANSACTION; SELECT 1; SELECT 2; END WORK;", 2),
        ("begin; commit;", 0),
        ("BEGIN; SAVEPOINT a; ROLLBACK TO a; COMMIT", 2),
        ("BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;", 6),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT;", 3),
        ("BEGIN; SELECT 1; COMMIT AND CHAIN;", 3),
        ("BEGIN; SELECT 1;", 2),
        ("BEGIN", 1),
        ("", 0),
    ],
)
def test_only_one_plain_pair_is_taken_off(text: str, inner: int) -> None:
    assert len(unwrap(statements(text))) == inner


def test_each_statement_runs_alone_on_a_server(database: Database) -> None:
    wanted = [whole for whole in WHOLE if whole not in {"BEGIN", "COMMIT"}]
    for statement in statements(";\r\n".join(wanted)):
        database.run(statement.text)
    assert database.run("SELECT public.tier(10)") == [("a",)]
    assert database.run("SELECT count(*) FROM pg_rules WHERE tablename = 'kept'") == [(1,)]
    assert database.run("SELECT count(*) FROM pg_class WHERE relname = 'dat;'") == [(1,)]


def test_five_megabytes_are_read_to_the_end() -> None:
    row = "INSERT INTO orders (id, note) VALUES (%d, E'it\\'s; $$') /* ; */;\n"
    text = "".join(row % number for number in range(80_000)) + f"{ATOMIC};\n"
    assert len(text) > 5_000_000
    found = statements(text)
    assert len(found) == 80_001
    assert (found[-1].verb, found[-1].target, found[-1].line) == ("CREATE FUNCTION", "tier", 80_001)


@pytest.mark.parametrize("piece", ["/*", "$a$ $b$ ", "(", "\\\n", "E'a'\n", "copy a from stdin;"])
def test_hostile_repetition_ends(piece: str) -> None:
    """Each of these once made some splitter quadratic."""
    text = piece * 50_000
    assert "".join(token.text for token in tokens(text)) == text
    assert len(statements(text)) <= 50_000
