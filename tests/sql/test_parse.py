"""The server's parser: its message at the right place, and the objects that SQL is about."""

import pytest

from migrate_hooks.sql import parse
from migrate_hooks.sql.parse import SyntaxProblem


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("selec 1", 1, 1, 'syntax error at or near "selec"'),
        ("SELECT 'ééé';\n  é y", 2, 3, 'syntax error at or near "é"'),
        ("SELECT 1;\r\n\r\n DROP TABL a", 3, 7, 'syntax error at or near "TABL"'),
        ("\ufeffselec 1", 1, 1, 'syntax error at or near "selec"'),
        ("SELECT '😀' + ;", 1, 14, 'syntax error at or near ";"'),
        ("SELECT 1 +", 1, 11, "syntax error at end of input"),
        ("SELECT 'a", 1, 8, 'unterminated quoted string at or near "\'a"'),
        ("SELECT 1;\n\0 junk", 2, 1, "invalid NUL character"),
        ("\\connect shop\nSELECT 1;", 1, 1, 'syntax error at or near "\\"'),
    ],
)
def test_the_first_problem_and_its_place(text: str, line: int, column: int, message: str) -> None:
    assert parse.syntax_problem(text) == SyntaxProblem(message, line, column)
    assert parse.names(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-- nothing\n",
        "\ufeffSELECT 1",
        "SELECT 1;\r\nSELECT 2",
        "SELECT " + "+".join("1" * 2_000),
    ],
)
def test_what_is_right_has_no_problem(text: str) -> None:
    assert parse.syntax_problem(text) is None
    assert parse.names(text) is not None


def shown(names: frozenset[parse.Name]) -> str:
    return ", ".join(f"{kind} {schema}.{name}" for kind, schema, name in sorted(names))


@pytest.mark.parametrize(
    ("text", "created", "touched", "referenced"),
    [
        ("CREATE TABLE public.Orders (c int REFERENCES shop.customers, m my.mood)",
         "table public.orders", "", "table shop.customers, type my.mood"),
        ("CREATE TABLE a AS SELECT * FROM b", "table .a", "", "table .b"),
        ("CREATE FOREIGN TABLE a (x int) SERVER s", "table .a", "", ""),
        ("ALTER TABLE ONLY a.b ADD FOREIGN KEY (x) REFERENCES c", "", "table a.b", "table .c"),
        ("ALTER TABLE a.b RENAME TO c", "table a.c", "table a.b", ""),
        ("ALTER TABLE a.b SET SCHEMA c", "table c.b", "table a.b", ""),
        ("ALTER TABLE a RENAME COLUMN b TO c", "column .c", "column .b, table .a", ""),
        ("DROP TABLE a.b, c", "", "table .c, table a.b", ""),
        ("CREATE INDEX i ON a.b (x)", "index a.i", "table a.b", ""),
        ("CREATE INDEX ON a.b (x)", "", "table a.b", ""),
        ("DROP INDEX a.i", "", "index a.i", ""),
        ("ALTER INDEX a.i RENAME TO j", "index a.j", "index a.i", ""),
        ("CREATE VIEW v AS SELECT f(x) FROM a.b", "view .v", "", "function .f, table a.b"),
        ("CREATE MATERIALIZED VIEW a.m AS SELECT 1", "materialized view a.m", "", ""),
        ("DROP MATERIALIZED VIEW m", "", "materialized view .m", ""),
        ("CREATE OR REPLACE FUNCTION a.f() RETURNS a.t LANGUAGE sql AS 'SELECT 1'",
         "function a.f", "", "type a.t"),
        ("DROP FUNCTION a.f(integer), g()", "", "function .g, function a.f", ""),
        ("CREATE TYPE a.mood AS ENUM ('calm')", "type a.mood", "", ""),
        ("ALTER TYPE a.mood ADD VALUE 'wild'", "", "type a.mood", ""),
        ("CREATE TYPE a.pair AS (x int)", "type a.pair", "", ""),
        ("DROP TYPE a.mood", "", "type a.mood", ""),
        ("CREATE DOMAIN a.email AS text", "domain a.email", "", "type .text"),
        ("ALTER DOMAIN a.email SET NOT NULL", "", "domain a.email", ""),
        ("CREATE TRIGGER t BEFORE INSERT ON a.b EXECUTE FUNCTION f()",
         "trigger a.t", "table a.b", ""),
        ("DROP TRIGGER t ON a.b", "", "table a.b, trigger a.t", ""),
        ("CREATE POLICY p ON a.b USING (auth.uid() = x)",
         "policy a.p", "table a.b", "function auth.uid"),
        ("ALTER POLICY p ON b USING (true)", "", "policy .p, table .b", ""),
        ("DROP POLICY p ON b", "", "policy .p, table .b", ""),
        ("CREATE SEQUENCE a.s", "sequence a.s", "", ""),
        ("ALTER SEQUENCE a.s RESTART", "", "sequence a.s", ""),
        ("CREATE SCHEMA a", "schema .a", "", ""),
        ("ALTER SCHEMA a RENAME TO b", "schema .b", "schema .a", ""),
        ("CREATE EXTENSION vector", "extension .vector", "", ""),
        ("COMMENT ON COLUMN a.b.c IS 'x'", "", "column a.c, table a.b", ""),
        ("GRANT SELECT ON a.b TO c", "", "table a.b", ""),
        ("GRANT SELECT ON ALL TABLES IN SCHEMA a TO c", "", "schema .a", ""),
        ("WITH q AS (SELECT 1) INSERT INTO a SELECT * FROM q, c", "", "", "table .a, table .c"),
        ('DELETE FROM "A b"', "", "", "table .A b"),
        ("DO $$ BEGIN DROP TABLE a; END $$", "", "", ""),
    ],
)  # fmt: skip
def test_which_objects_a_statement_is_about(
    text: str, created: str, touched: str, referenced: str
) -> None:
    names = parse.names(text)
    assert names is not None
    assert shown(names.created) == created
    assert shown(names.touched) == touched
    assert shown(names.referenced) == referenced


def test_the_names_of_a_file_are_those_of_all_its_statements() -> None:
    names = parse.names("\ufeffCREATE TABLE a ();\r\nALTER TABLE b ADD x int;\r\nSELECT 1 FROM c;")
    assert names is not None
    assert [shown(names.created), shown(names.touched), shown(names.referenced)] == [
        "table .a",
        "table .b",
        "table .c",
    ]
