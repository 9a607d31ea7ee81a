"""What statements do, to which table and under which lock: text in, values out."""

import pytest

from migrate_hooks.sql.blocks import commits
from migrate_hooks.sql.operations import Lock, operations
from migrate_hooks.sql.split import statements

L = Lock
ALTER = "ALTER TABLE "


def found(sql: str) -> list[tuple[str, str, Lock]]:
    return [(one.kind, one.spelled, one.lock) for one in operations(statements(sql))]


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", [("SelectStmt", "", L.NONE)]),
        ("CREATE TABLE a.b (id int)", [("CREATE TABLE", "a.b", L.ACCESS_EXCLUSIVE)]),
        ("CREATE INDEX ON t (a)", [("CREATE INDEX", "t", L.SHARE)]),
        ("CREATE INDEX CONCURRENTLY ON t (a)", [("CREATE INDEX", "t", L.SHARE_UPDATE_EXCLUSIVE)]),
        (
            f"{ALTER}public.t ADD COLUMN a int, ADD CHECK (a > 0), VALIDATE CONSTRAINT c",
            [
                (f"{ALTER}AddColumn", "t", L.ACCESS_EXCLUSIVE),
                (f"{ALTER}AddConstraint", "t", L.ACCESS_EXCLUSIVE),
                (f"{ALTER}ValidateConstraint", "t", L.SHARE_UPDATE_EXCLUSIVE),
            ],
        ),
        (
            f"{ALTER}t ADD FOREIGN KEY (a) REFERENCES u",
            [(f"{ALTER}AddConstraint", "t", L.SHARE_ROW_EXCLUSIVE)],
        ),
        (f"{ALTER}t DISABLE TRIGGER ALL", [(f"{ALTER}DisableTrigAll", "t", L.SHARE_ROW_EXCLUSIVE)]),
        (f"{ALTER}p DETACH PARTITION c", [(f"{ALTER}DetachPartition", "p", L.ACCESS_EXCLUSIVE)]),
        (
            f"{ALTER}p DETACH PARTITION c CONCURRENTLY",
            [(f"{ALTER}DetachPartition", "p", L.SHARE_UPDATE_EXCLUSIVE)],
        ),
        (
            "DROP TABLE a, b.c CASCADE",
            [("DROP TABLE", "a", L.ACCESS_EXCLUSIVE), ("DROP TABLE", "b.c", L.ACCESS_EXCLUSIVE)],
        ),
        ("DROP INDEX i", [("DROP INDEX", "", L.NONE)]),
        (
            "TRUNCATE a, b",
            [("TRUNCATE", "a", L.ACCESS_EXCLUSIVE), ("TRUNCATE", "b", L.ACCESS_EXCLUSIVE)],
        ),
        ("LOCK TABLE t IN SHARE MODE", [("LOCK TABLE", "t", L.SHARE)]),
        ("LOCK TABLE t", [("LOCK TABLE", "t", L.ACCESS_EXCLUSIVE)]),
        ("VACUUM (FULL) t", [("VACUUM FULL", "t", L.ACCESS_EXCLUSIVE)]),
        ("VACUUM", [("VACUUM", "", L.SHARE_UPDATE_EXCLUSIVE)]),
        (
            "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
            [("REFRESH MATERIALIZED VIEW", "m", L.EXCLUSIVE)],
        ),
        ("REINDEX (CONCURRENTLY) TABLE t", [("REINDEX", "t", L.SHARE_UPDATE_EXCLUSIVE)]),
        ("UPDATE t SET a = 1", [("UPDATE", "t", L.ROW_EXCLUSIVE)]),
        ("WITH x AS (SELECT 1) DELETE FROM t", [("DELETE", "t", L.ROW_EXCLUSIVE)]),
        (f"{ALTER}t RENAME COLUMN a TO b", [("RENAME COLUMN", "t", L.ACCESS_EXCLUSIVE)]),
        ("CREATE POLICY p ON t USING (true)", [("CREATE POLICY", "t", L.ACCESS_EXCLUSIVE)]),
        ("CREATE TABLE n AS SELECT 1", [("CREATE TABLE AS", "n", L.ACCESS_EXCLUSIVE)]),
        ("DROP TRIGGER g ON a.b", [("DROP TRIGGER", "a.b", L.ACCESS_EXCLUSIVE)]),
        ("DROP POLICY p ON t", [("DROP POLICY", "t", L.ACCESS_EXCLUSIVE)]),
        (
            "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
            [("SelectStmt", "", L.NONE), ("DELETE", "t", L.ROW_EXCLUSIVE)],
        ),
        (
            "DO $$ BEGIN IF true THEN UPDATE t SET a = 1; END IF; DROP TABLE u; END $$",
            [
                ("DoStmt", "", L.NONE),
                ("UPDATE", "t", L.ROW_EXCLUSIVE),
                ("DROP TABLE", "u", L.ACCESS_EXCLUSIVE),
            ],
        ),
        (
            "DO $$ BEGIN EXECUTE 'DROP TABLE u'; END $$",
            [("DoStmt", "", L.NONE), ("DROP TABLE", "u", L.ACCESS_EXCLUSIVE)],
        ),
        ("DO $$ BEGIN EXECUTE 'DROP TABLE ' || u; END $$", [("DoStmt", "", L.NONE)]),
        ("DO $$ BEGIN broken END $$", [("DoStmt", "", L.NONE)]),
        ("nonsense here; UPDATE t SET a = 1", [("UPDATE", "t", L.ROW_EXCLUSIVE)]),
        ('UPDATE "T x" SET a = 1', [("UPDATE", '"T x"', L.ROW_EXCLUSIVE)]),
    ],
)
def test_a_statement_becomes_operations(sql: str, expected: list[tuple[str, str, Lock]]) -> None:
    assert found(sql) == expected


def test_an_operation_knows_its_place_in_the_file_also_behind_umlauts() -> None:
    sql = "SELECT 1;\n  /* ü */ ALTER TABLE t -- äöü\n    ADD COLUMN a int,\n    ADD CHECK (a > 0)"
    assert [(one.line, one.column) for one in operations(statements(sql))] == [
        (1, 1),
        (3, 16),
        (4, 9),
    ]


def test_what_a_block_does_has_its_place_in_the_file_and_belongs_to_the_block() -> None:
    sql = "SELECT 1;\nDO\n$$\nBEGIN\n  ALTER TABLE t\n    ADD CHECK (a > 0);\nEND $$;"
    block, check = operations(statements(sql))[1:]
    assert (check.line, check.column) == (6, 9)
    assert check.statement == block.statement


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("LOOP DELETE FROM t; COMMIT; END LOOP;", True),
        ("IF true THEN ROLLBACK; END IF;", True),
        ("DELETE FROM t; -- COMMIT", False),
    ],
)
def test_a_block_may_end_transactions_itself(body: str, expected: bool) -> None:
    (block,) = statements(f"DO $$ BEGIN {body} END $$")
    assert commits(block) is expected


@pytest.mark.parametrize(
    ("before", "schema"),
    [
        ("SET search_path TO shop, public", "shop"),
        ("SET LOCAL search_path = '$user', \"Shop\"", "Shop"),
        ("SELECT pg_catalog.set_config('search_path', 'shop, public', false)", "shop"),
        ("SET search_path = public, shop", ""),
        ("SET search_path = shop; SET search_path = ''", ""),
        ("SET search_path = shop; RESET search_path", ""),
        ("SET search_path = shop; SET timezone = 'UTC'", "shop"),
        ("SELECT set_config('timezone', 'UTC', true)", ""),
    ],
)
def test_a_bare_name_is_in_the_schema_of_the_search_path(before: str, schema: str) -> None:
    sql = f"{before}; CREATE TABLE a (id int); DROP TABLE other.b;"
    *_, made, dropped = operations(statements(sql))
    assert (made.schema, made.table) == (schema, "a")
    assert (dropped.schema, dropped.table) == ("other", "b")


def test_each_form_of_an_alter_table_has_a_line_of_its_own() -> None:
    sql = """
ALTER TABLE IF EXISTS ONLY shop."orders, old"
    ALTER a SET NOT NULL, ALTER b DROP NOT NULL,
    ADD CHECK (b IN (1, 2)),
    -- not, this, one
    DROP CONSTRAINT c;
"""
    found_here = operations(statements(sql))
    assert [(one.line, one.column) for one in found_here] == [(3, 5), (3, 27), (4, 9), (6, 5)]


def test_with_writes_in_whatever_statement_it_stands() -> None:
    gone = "WITH gone AS (DELETE FROM a RETURNING *)"
    for rest in ("INSERT INTO b SELECT * FROM gone", "UPDATE b SET c = 1", "DELETE FROM b"):
        assert ("DELETE", "a", L.ROW_EXCLUSIVE) in found(f"{gone} {rest}")
    assert ("DELETE", "a", L.ROW_EXCLUSIVE) in found(f"CREATE TABLE b AS {gone} SELECT * FROM gone")


@pytest.mark.parametrize(
    ("written", "spelled"),
    [
        ('public."Orders"', '"Orders"'),
        ('"Legacy App".a', '"Legacy App".a'),
        ('"a""b"', '"a""b"'),
        ('"user"', '"user"'),
        ("größe", "größe"),
        ('Shop."orders_2"', "shop.orders_2"),
    ],
)
def test_a_name_is_spelled_as_sql_needs_it(written: str, spelled: str) -> None:
    (one,) = operations(statements(f"TRUNCATE {written}"))
    assert one.spelled == spelled
