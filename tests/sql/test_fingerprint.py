"""What two texts of SQL mean, compared: the words may differ, constants may not."""

import pytest

from migrate_hooks.sql.fingerprint import fingerprint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("SELECT 1", "select  1 ; -- one\n"),
        ("BEGIN;\nSELECT 1;\nCOMMIT;", "SELECT 1"),
        ("SELECT a FROM t WHERE (b = 1)", "SELECT a FROM t WHERE b = 1"),
        ("CREATE TABLE t (a integer)", "create table t (a int)"),
        ('ALTER TABLE "t" ADD a int', "ALTER TABLE t ADD COLUMN a int"),
        ("SELECT $$a$$", "SELECT 'a'"),
        ("SELECT 'a\r\nb'", "SELECT 'a\nb'"),
        ("", "-- nothing"),
        ("this is no SQL", "THIS is /* at all */ no SQL"),
    ],
)
def test_the_same_said_in_other_words(one: str, other: str) -> None:
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ALTER TABLE t ALTER a SET DEFAULT 3", "ALTER TABLE t ALTER a SET DEFAULT 4"),
        ("SELECT 'a'", "SELECT 'A'"),
        ('CREATE TABLE "T" (a int)', "CREATE TABLE t (a int)"),
        ("SELECT 1; SELECT 2", "SELECT 2; SELECT 1"),
        ("SELECT 1", "SELECT 1; SELECT 1"),
        ("", "SELECT 1"),
        ("DO $$ BEGIN NULL; END $$", "DO $$ BEGIN RETURN; END $$"),
        ("CREATE INDEX i ON t (a)", "CREATE INDEX CONCURRENTLY i ON t (a)"),
        ("this is no SQL", "that is no SQL"),
    ],
)
def test_another_meaning_is_another_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one) != fingerprint(other)
