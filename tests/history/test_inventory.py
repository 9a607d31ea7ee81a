"""What a row of migrations leaves behind, by name: text in, names out."""

import pytest

from migrate_hooks.history import inventory
from migrate_hooks.layouts.formats.sections import LAYOUT

CASES = [
    ("CREATE TABLE a (id int);", ["table a"]),
    ("CREATE TABLE a (id int); DROP TABLE a;", []),
    ("CREATE TABLE a (id int); CREATE INDEX i ON a (id); DROP TABLE public.a;", []),
    ("CREATE TABLE a (id int); CREATE INDEX i ON a (id);", ["index i", "table a"]),
    ("CREATE TABLE a (id int); ALTER TABLE a RENAME TO b;", ["table b"]),
    ("CREATE TABLE a (id int); ALTER TABLE a SET SCHEMA s;", ["table s.a"]),
    ("CREATE TABLE a (id int); ALTER TABLE a ADD COLUMN b int;", ["table a"]),
    ("CREATE TABLE a (id int); DROP TRIGGER a ON a;", ["table a"]),
    ("CREATE TABLE a (id int); DROP POLICY a ON a;", ["table a"]),
    ("CREATE SCHEMA s; CREATE TABLE s.a (id int); DROP SCHEMA s CASCADE;", []),
    ("CREATE TEMP TABLE a (id int);", []),
    ("CREATE TYPE e AS ENUM ('x'); ALTER TYPE e RENAME TO f;", ["type f"]),
    ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; DROP FUNCTION f();", []),
    ("CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'; DROP PROCEDURE p;", []),
    ("DO $$ BEGIN CREATE TABLE a (id int); END $$;", []),
    (f"CREATE TABLE {'x' * 70} (id int);", [f"table {'x' * 63}"]),
    ("CREATE VIEW v AS SELECT 1; CREATE MATERIALIZED VIEW m AS SELECT 1; DROP VIEW v;",
     ["materialized view m"]),
]  # fmt: skip


@pytest.mark.parametrize(("up", "wanted"), CASES)
def test_what_is_there_behind_all_statements(up: str, wanted: list[str]) -> None:
    read = LAYOUT.read("m/1_a.sql", f"-- UP Migration\n{up}\n-- DOWN Migration\n")
    found = inventory.expected([read])
    assert sorted(_said(*name) for name in found) == wanted
    assert set(found.values()) <= {"m/1_a.sql"}


def _said(kind: str, schema: str, name: str) -> str:
    return f"{kind} {schema}.{name}" if schema else f"{kind} {name}"


def test_a_name_without_schema_is_found_anywhere_and_one_with_it_there_only() -> None:
    wanted = {("table", "", "a"): "f", ("table", "s", "b"): "f", ("view", "", "a"): "f"}
    found = frozenset({("table", "x", "a"), ("table", "x", "b")})
    gone = [name for name, _ in inventory.missing(wanted, found)]
    assert gone == [("table", "s", "b"), ("view", "", "a")]
