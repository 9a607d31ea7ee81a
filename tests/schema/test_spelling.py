"""Texts of a snapshot, taken apart and put together."""

import pytest

from migrate_hooks.schema import clauses, privileges, spelling, subjects
from migrate_hooks.schema.privileges import Holder


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("", ()),
        ("a", ("a",)),
        (
            'a integer, "b, c" text, d numeric(1, 2)',
            ("a integer", '"b, c" text', "d numeric(1, 2)"),
        ),
        ("a CHECK (x = ARRAY[1, 2]), b", ("a CHECK (x = ARRAY[1, 2])", "b")),
        ("'it''s, so', E'a\\\\, b'", ("'it''s, so'", "E'a\\\\, b'")),
    ],
)
def test_commas_part_a_list_outside_of_quotes_and_brackets(
    text: str, members: tuple[str, ...]
) -> None:
    assert spelling.listed(text) == members


@pytest.mark.parametrize(
    ("signature", "parts"),
    [
        ("f(integer,text)", ("f", "(integer,text)")),
        ('public."odd (f).x"("a(b",text)', ('public."odd (f).x"', '("a(b",text)')),
        ("public.===(integer,text)", ("public.===", "(integer,text)")),
        ("<(integer,integer)", ("<", "(integer,integer)")),
        ("", ("", "")),
    ],
)
def test_a_signature_is_a_name_and_its_arguments(signature: str, parts: tuple[str, str]) -> None:
    assert spelling.routine(signature) == parts


@pytest.mark.parametrize(
    ("signature", "name"),
    [
        ("<(integer,integer)", "pg_catalog.<"),
        ("public.<(integer,integer)", "public.<"),
        ('"S".@@(integer,integer)', '"S".@@'),
    ],
)
def test_an_operator_bears_its_schema(signature: str, name: str) -> None:
    assert spelling.operator(signature) == name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", {}),
        ("host=a, port=5432", {"host": "a", "port": "5432"}),
        ("a=x, y, b=, c=p=q", {"a": "x, y", "b": "", "c": "p=q"}),
    ],
)
def test_options_may_hold_commas(text: str, found: dict[str, str]) -> None:
    assert spelling.options(text) == found


@pytest.mark.parametrize(
    ("body", "quoted"),
    [
        ("SELECT 1", "$$SELECT 1$$"),
        ("SELECT '$$'", "$body$SELECT '$$'$body$"),
        ("costs 1$", "$body$costs 1$$body$"),
        ("$$ and $body$", "$body2$$$ and $body$$body2$"),
        ("$$ and $body", "$body2$$$ and $body$body2$"),
        ("it's\r\n\\n", "E'it''s\\r\n\\\\n'"),
    ],
)
def test_a_dollar_quote_does_not_occur_in_what_it_quotes(body: str, quoted: str) -> None:
    assert spelling.dollar(body) == quoted


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("DROP TABLE a", "DROP TABLE a"),
        ("CREATE TABLE a (\n    b int\n)", "CREATE TABLE a ( …"),
        (
            spelling.unless("duplicate_object", "CREATE TYPE a AS (b int)"),
            "CREATE TYPE a AS (b int)",
        ),
        (
            clauses.guarded(clauses.exists("SELECT"), "ALTER TABLE a ADD b int"),
            "ALTER TABLE a ADD b int",
        ),
        (
            subjects.as_database_owner(f"ALTER TABLE a OWNER TO {subjects.UNNAMED}"),
            "ALTER TABLE a OWNER TO %I",
        ),
        ("DO $$\nBEGIN\n    PERFORM f();\nEND $$", "DO $$ …"),
    ],
)
def test_the_headline_of_a_block_is_what_it_does(sql: str, line: str) -> None:
    assert spelling.headline(sql) == line


ORDERS = Holder("TABLE orders", "reader")


@pytest.mark.parametrize(
    ("have", "want", "said"),
    [
        ("SELECT", "SELECT", []),
        ("", "SELECT, UPDATE", ["GRANT SELECT, UPDATE ON TABLE orders TO reader"]),
        ("SELECT", "", ["REVOKE SELECT ON TABLE orders FROM reader"]),
        ("SELECT", "ALL", ["GRANT ALL ON TABLE orders TO reader"]),
        (
            "ALL",
            "SELECT",
            ["REVOKE ALL ON TABLE orders FROM reader", "GRANT SELECT ON TABLE orders TO reader"],
        ),
        (
            "INSERT, SELECT WITH GRANT OPTION",
            "SELECT, UPDATE WITH GRANT OPTION",
            [
                "REVOKE INSERT ON TABLE orders FROM reader",
                "REVOKE GRANT OPTION FOR SELECT ON TABLE orders FROM reader",
                "GRANT UPDATE ON TABLE orders TO reader WITH GRANT OPTION",
            ],
        ),
        (
            "SELECT WITH GRANT OPTION",
            "ALL",
            [
                "REVOKE GRANT OPTION FOR SELECT ON TABLE orders FROM reader",
                "GRANT ALL ON TABLE orders TO reader",
            ],
        ),
    ],
)
def test_privileges_change_by_what_differs(have: str, want: str, said: list[str]) -> None:
    changes = privileges.changes(privileges.parsed(have), privileges.parsed(want), ORDERS)
    assert list(changes) == said


def test_a_column_stands_behind_each_of_its_privileges() -> None:
    holder = Holder("TABLE orders", "reader", '"a, b"')
    assert privileges.changes({}, privileges.parsed("INSERT, UPDATE"), holder) == (
        'GRANT INSERT ("a, b"), UPDATE ("a, b") ON TABLE orders TO reader',
    )


def test_a_guard_keeps_line_ends_inside_of_quotes() -> None:
    name = 'ALTER TABLE a\n    RENAME TO "b\nc"'
    assert clauses.guarded(clauses.exists("SELECT\nWHERE 'a\nb' = 'c'"), name) == (
        "DO $$\nBEGIN\n    IF EXISTS (\n        SELECT\n        WHERE 'a\nb' = 'c'\n    ) THEN\n"
        '        ALTER TABLE a\n            RENAME TO "b\nc";\n    END IF;\nEND $$'
    )
