"""Definitions that PostgreSQL prints in one way and, once read back, in another."""

import pytest

from migrate_hooks.sql.written import as_written
from tests.databases import Database

VARYING = "'{}'::character varying"
LIST = ", ".join(map(VARYING.format, ("a", "it''s (b")))


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        (f"((s)::text = ANY ((ARRAY[{LIST}])::text[]))", f"(s IN ({LIST}))"),
        (f'(("S )").s)::text <> ALL ((ARRAY[{LIST}])::text[])', f'("S )").s NOT IN ({LIST})'),
        (
            "(((n >= (1)::numeric) AND (n <= (5)::numeric)) AND (i > 3))",
            "((n BETWEEN (1)::numeric AND (5)::numeric) AND (i > 3))",
        ),
        (
            "((length((s)::text) >= 1) AND (length((s)::text) <= 5))",
            "(length((s)::text) BETWEEN 1 AND 5)",
        ),
        ("((a >= 1) AND (b <= 5))", "((a >= 1) AND (b <= 5))"),
        ("((a >= 1) AND (a <= 5) AND (b > 1))", "((a >= 1) AND (a <= 5) AND (b > 1))"),
        ("(t = ANY (ARRAY['a'::text, 'b'::text]))", "(t = ANY (ARRAY['a'::text, 'b'::text]))"),
    ],
)
def test_conditions_become_what_they_were(printed: str, written: str) -> None:
    assert as_written(printed) == written


def test_a_server_prints_them_the_same_once_more(database: Database) -> None:
    database.run("CREATE TABLE t (s varchar, n numeric, i int)")
    conditions = (
        "s NOT IN ('a', 'b')",
        "NOT s IN ('a', 'b') AND i = 1",
        "(n BETWEEN 1 AND 5 OR i BETWEEN -1 AND 2) AND length(s) BETWEEN 1 AND 5",
        "s BETWEEN 'a' AND 'b' AND n BETWEEN i AND i + 5",
    )
    first = [printed(database, f"CHECK ({one})") for one in conditions]
    assert [printed(database, as_written(one)) for one in first] == first
    assert [printed(database, one) for one in first] != first


def printed(database: Database, check: str) -> str:
    database.run(f"ALTER TABLE t DROP CONSTRAINT IF EXISTS c, ADD CONSTRAINT c {check}")
    ((text,),) = database.run(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'c'"
    )
    return str(text)
