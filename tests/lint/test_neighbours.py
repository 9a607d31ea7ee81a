"""What unreleased migrations do together: texts in, one value out."""

from migrate_hooks.lint.neighbours import Neighbours, read
from migrate_hooks.model.migration import Version
from migrate_hooks.sql.split import statements


def together(*texts: str) -> Neighbours:
    return read(
        (Version((number,), str(number)), statements(text))
        for number, text in enumerate(texts, start=1)
    )


def test_security_counts_wherever_it_stands() -> None:
    found = together(
        "CREATE TABLE a (id int);",
        "ALTER TABLE public.a ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON a USING (true);",
    )
    assert found.secured == {("public", "a")}
    assert found.policied == {("public", "a")}
    assert not found.in_code


def test_code_that_speaks_of_security_makes_all_of_it_uncertain() -> None:
    code = "DO $$ BEGIN EXECUTE 'ALTER TABLE ' || t || ' ENABLE  ROW LEVEL\nSECURITY'; END $$"
    assert together("SELECT 1", code).in_code


def test_the_oldest_certain_maker_of_a_table_is_known() -> None:
    found = together(
        "CREATE TABLE IF NOT EXISTS a (id int);",
        "CREATE TABLE b (id int); CREATE TABLE s.c (id int);",
        "CREATE TABLE b (id int);",
        "DROP TABLE d; CREATE TABLE d (id int);",
        "CREATE TABLE a (id int); ALTER TABLE e RENAME TO f;",
        "CREATE TABLE f AS SELECT 1; CREATE TABLE g AS SELECT 1;",
    )
    assert [(table, version.text) for table, version in found.makers] == [
        (("public", "b"), "2"),
        (("public", "g"), "6"),
        (("s", "c"), "2"),
    ]
    assert found.gone == {("public", "d"), ("public", "e")}
