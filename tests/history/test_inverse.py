"""A migration the other way round: UP becomes DOWN where that is certain, and says so where not."""

import pytest

from migrate_hooks.history import inverse
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.model.migration import Migration


def migration(up: str, down: str = "DROP TABLE a") -> Migration:
    text = f"-- UP Migration\n{up};\n-- DOWN Migration\n{down};\n"
    return LAYOUT.read("migrations/1_x.sql", text)


def test_the_header_says_what_and_why_in_lines_that_are_comments() -> None:
    told = inverse.forward(migration("CREATE TABLE a ()"), "nobody\nDROP TABLE b;  fills it")
    assert told.splitlines() == [
        "-- Reverts migrations/1_x.sql:",
        "-- this UP is the DOWN of that file, as a migration that goes forward.",
        "-- Why: nobody DROP TABLE b; fills it",
        "",
        "DROP TABLE a;",
    ]


@pytest.mark.parametrize(
    ("up", "down", "marked"),
    [
        ("CREATE INDEX CONCURRENTLY i ON a (b)", "DROP INDEX CONCURRENTLY i", True),
        ("CREATE INDEX CONCURRENTLY i ON a (b)", "DROP INDEX i", False),
        ("-- migrate-hooks: no-transaction\nVACUUM a;\nSELECT 1", "SELECT 2", True),
        ("BEGIN;\nCREATE TABLE a ();\nCOMMIT", "DROP TABLE a", False),
    ],
)
def test_what_ran_outside_a_transaction_runs_so_again(up: str, down: str, marked: bool) -> None:
    file = migration(up, down)
    told = inverse.forward(file, "")
    assert (inverse.NO_TRANSACTION in told.splitlines()) is marked
    read = LAYOUT.read("m/2_y.sql", LAYOUT.scaffold(told, inverse.back(file)))
    assert file.down is not None
    assert read.up.in_transaction is file.down.in_transaction


@pytest.mark.parametrize(
    "up",
    [
        "CREATE TABLE a (); -- with a comment\nALTER TABLE a ADD COLUMN b int",
        "BEGIN;\nCREATE TABLE a ();\nCOMMIT",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;\nGRANT SELECT ON a TO b",
        "CREATE VIEW v AS\n  SELECT 1 -- one\n  AS x",
    ],
)
def test_what_only_defines_goes_back_and_forth(up: str) -> None:
    file = migration(up)
    read = LAYOUT.read("m/2_y.sql", LAYOUT.scaffold(inverse.forward(file, ""), inverse.back(file)))
    assert inverse.is_told(read.down, file.up.statements)
    assert file.down is not None
    assert inverse.is_told(read.up, file.down.statements)


@pytest.mark.parametrize(
    ("up", "verb"),
    [
        ("CREATE TABLE a ();\nINSERT INTO a DEFAULT VALUES", "INSERT"),
        ("UPDATE a SET b = 1", "UPDATE"),
        ("DO $$ BEGIN END $$", "DO"),
        ("SELECT cron.schedule('a')", "SELECT"),
    ],
)
def test_what_changes_rows_is_not_repeated_unseen(up: str, verb: str) -> None:
    told = inverse.back(migration(up))
    line = 3 if "\n" in up else 2
    assert told == (
        f"-- DOWN: irreversible because line {line} of 1_x.sql is {verb}, which may not do the "
        "same a second time"
    )
