"""What gives an old name back, text in and text out."""

import pytest

from migrate_hooks.sql.renames import back


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("alter table s.t rename column a to b", "ALTER TABLE s.t RENAME COLUMN b TO a"),
        ("alter table t rename to u", "ALTER TABLE u RENAME TO t"),
        ('alter index i rename to "J k"', 'ALTER INDEX "J k" RENAME TO i'),
        (
            "alter table if exists only t rename a to b",
            "ALTER TABLE IF EXISTS ONLY t RENAME COLUMN b TO a",
        ),
        ("alter table t rename constraint a to b", "ALTER TABLE t RENAME CONSTRAINT b TO a"),
        ("alter policy p on t rename to q", "ALTER POLICY q ON t RENAME TO p"),
        ("alter trigger a on t rename to b", "ALTER TRIGGER b ON t RENAME TO a"),
        ("alter schema a rename to b", "ALTER SCHEMA b RENAME TO a"),
        ("alter function s.f(int) rename to g", "ALTER FUNCTION s.g(int) RENAME TO f"),
        ("alter type s.a rename to b", "ALTER TYPE s.b RENAME TO a"),
        ("alter type e rename value 'a' to 'b'", "ALTER TYPE e RENAME VALUE 'b' TO 'a'"),
        ("alter type c rename attribute x to y", "ALTER TYPE c RENAME ATTRIBUTE y TO x"),
        ("alter table t set schema x", "ALTER TABLE x.t SET SCHEMA public"),
        ("alter table y.t set schema x", "ALTER TABLE x.t SET SCHEMA y"),
        ("alter function z.f(int) set schema y", "ALTER FUNCTION y.f(int) SET SCHEMA z"),
        ("alter function f(int) set schema y", None),
        ("alter extension e set schema s", None),
        ("alter type e add value 'b'", None),
        ("alter table t add column x int", None),
        ("alter table t rename a to b; select 1", None),
        ("select 1", None),
        ("alter table (", None),
        ("", None),
    ],
)
def test_what_only_renames_is_turned_round(text: str, expected: str | None) -> None:
    assert back(text) == expected


def test_a_name_without_a_schema_is_where_the_file_says() -> None:
    assert back("alter table t rename a to b", "shop") == "ALTER TABLE shop.t RENAME COLUMN b TO a"
    assert back("alter table t set schema x", "shop") == "ALTER TABLE x.t SET SCHEMA shop"
