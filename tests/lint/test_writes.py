"""How many rows a statement writes, read from its words."""

import pytest

from migrate_hooks.lint import writes
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.sql.operations import operations
from migrate_hooks.sql.split import statements
from tests.lint.world import lint


@pytest.mark.parametrize(
    ("where", "whole"),
    [
        ("", True),
        ("WHERE true", True),
        ("WHERE 1 = 1", True),
        ("WHERE 'a' = 'a'", True),
        ("WHERE true AND 2 = 2", True),
        ("WHERE a = 1 OR true", True),
        ("WHERE id IS NOT NULL", True),
        ("WHERE 1 = 2", False),
        ("WHERE false", False),
        ("WHERE true AND a = 1", False),
        ("WHERE NOT true", False),
        ("WHERE id IS NULL", False),
        ("WHERE now() = now()", False),
    ],
)
def test_a_condition_that_is_always_true_leaves_nothing_out(where: str, whole: bool) -> None:
    (one,) = operations(statements(f"DELETE FROM t {where}"))
    assert writes.is_whole_table(one) is whole


@pytest.mark.parametrize(
    ("write", "found"),
    [
        ("UPDATE t SET b = 1", True),
        ("UPDATE t SET b = 1 WHERE b IS NULL", True),
        ("UPDATE t SET b = 1 WHERE id > 5", True),
        ("UPDATE t SET b = 1 WHERE id = other", True),
        ("UPDATE t SET b = 1 WHERE NOT id = 5", True),
        ("UPDATE t SET b = 1 WHERE id = 5 OR c = 1", True),
        ("UPDATE t SET b = 1 WHERE id IN (SELECT id FROM u)", True),
        ("UPDATE t SET b = 1 WHERE t.id = 5 AND c = 1", False),
        ("UPDATE t SET b = 1 WHERE id IN (1, 2)", False),
        ("UPDATE t SET b = 1 WHERE uuid = 'x'::uuid", False),
        ("UPDATE t SET b = 1 WHERE id = ANY (ARRAY[1, 2])", False),
        ("DELETE FROM t WHERE slug = 'x' OR id = 1", False),
        ("INSERT INTO t VALUES (1)", False),
        ("INSERT INTO t DEFAULT VALUES", False),
        ("INSERT INTO t SELECT 1", False),
        ("INSERT INTO t SELECT n FROM generate_series(1, 9) AS n", False),
        ("INSERT INTO t SELECT * FROM (VALUES (1), (2)) AS v", False),
        ("INSERT INTO t SELECT * FROM u", True),
        ("INSERT INTO t SELECT 1 UNION SELECT a FROM u", True),
        ("INSERT INTO t WITH v AS (SELECT 1) SELECT * FROM v", False),
        ("INSERT INTO t WITH v AS (SELECT a FROM u) SELECT * FROM v", True),
        ("INSERT INTO t SELECT a FROM u WHERE u.id = 4", False),
        ("MERGE INTO t USING u ON u.a = t.a WHEN MATCHED THEN DELETE", True),
    ],
)
def test_a_backfill_is_what_writes_as_many_rows_as_a_table_has(write: str, found: bool) -> None:
    sql = f"ALTER TABLE t ADD COLUMN b int;\n{write};\n"
    codes = {one.code for one in lint(sql, lint=LintSettings(style=False, safety=False))}
    assert ("locks/ddl-and-backfill" in codes) is found
