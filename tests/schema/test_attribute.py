"""Which pending migration explains which difference."""

import pytest

from migrate_hooks.model.finding import Severity
from migrate_hooks.model.schema import Change, Difference
from migrate_hooks.schema.attribute import explain
from migrate_hooks.sql.parse import Names, names


def difference(kind: str, *identity: str, table: tuple[str, str] | None = None) -> Difference:
    return Difference(Change.MISSING, kind, identity, (), Severity.CRITICAL, table)


def named(sql: str) -> Names:
    found = names(sql)
    assert found is not None
    return found


ORDERS = ("public", "orders")


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("CREATE TABLE orders (id int)", difference("table", *ORDERS)),
        ("CREATE TABLE public.orders (id int)", difference("table", *ORDERS)),
        ("DROP TABLE orders", difference("table", *ORDERS)),
        (
            "ALTER TABLE orders ADD COLUMN note text",
            difference("column", *ORDERS, "note", table=ORDERS),
        ),
        (
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
            difference("row security", *ORDERS, table=ORDERS),
        ),
        ("CREATE INDEX ON orders (id)", difference("index", *ORDERS, "i", table=ORDERS)),
        ("DROP INDEX orders_idx", difference("index", *ORDERS, "orders_idx", table=ORDERS)),
        (
            "CREATE POLICY p ON orders USING (true)",
            difference("policy", *ORDERS, "p", table=ORDERS),
        ),
        (
            "CREATE TRIGGER t AFTER INSERT ON orders EXECUTE FUNCTION f()",
            difference("trigger", *ORDERS, "t", table=ORDERS),
        ),
        ("CREATE VIEW v AS SELECT 1", difference("view", "public", "v")),
        ("CREATE TYPE mood AS ENUM ('ok')", difference("enum", "public", "mood")),
        ("CREATE DOMAIN d AS text", difference("domain", "public", "d")),
        (
            "CREATE FUNCTION total(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
            difference("function", "public", "total", "(integer)"),
        ),
        ("CREATE SCHEMA app", difference("schema", "app")),
        ("CREATE EXTENSION vector", difference("extension", "vector")),
        ("COMMENT ON TABLE orders IS 'x'", difference("comment", *ORDERS, table=ORDERS)),
        ('CREATE TABLE "Odd ""name" (id int)', difference("table", "public", 'Odd "name')),
    ],
)
def test_what_a_pending_migration_touches_is_explained(sql: str, found: Difference) -> None:
    (explained,) = explain([found], [("20260101000000_x", named(sql))])
    assert explained.cause == "pending 20260101000000_x"


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT * FROM orders", difference("column", *ORDERS, "note", table=ORDERS)),
        ("CREATE TABLE app.orders (id int)", difference("table", *ORDERS)),
        ("CREATE TABLE other (note int)", difference("column", *ORDERS, "note", table=ORDERS)),
        (
            "CREATE TABLE other (id int REFERENCES orders)",
            difference("column", *ORDERS, "note", table=ORDERS),
        ),
        ("CREATE VIEW v AS SELECT * FROM orders", difference("policy", *ORDERS, "p", table=ORDERS)),
        ("CREATE TABLE orders (id int)", difference("function", "public", "orders", "()")),
        ("CREATE TABLE app (id int)", difference("schema", "app")),
        ("DO $$ BEGIN EXECUTE 'DROP TABLE orders'; END $$", difference("table", *ORDERS)),
    ],
)
def test_anything_else_stays_unexplained(sql: str, found: Difference) -> None:
    assert explain([found], [("1_x", named(sql))]) == (found,)


def test_an_unqualified_name_is_looked_for_along_the_search_path() -> None:
    found = difference("table", "app", "orders")
    pending = [("1_x", named("CREATE TABLE orders (id int)"))]
    assert explain([found], pending)[0].cause is None
    assert explain([found], pending, ("app", "public"))[0].cause == "pending 1_x"


def test_the_first_migration_is_the_cause() -> None:
    pending = [(label, named("ALTER TABLE orders ADD a int")) for label in ("1_a", "2_b")]
    assert explain([difference("table", *ORDERS)], pending)[0].cause == "pending 1_a"
