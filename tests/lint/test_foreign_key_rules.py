"""What foreign keys cost and which PostgreSQL refuses: our words against a server."""

from contextlib import closing
from itertools import product

import psycopg
import pytest

from migrate_hooks.model.settings import LintSettings
from tests.databases import Database
from tests.lint.world import lint

BARE = LintSettings(style=False, safety=False, down="optional")
TYPES = ("int", "bigint", "numeric", "real", "text", "varchar(9)", "char(3)", "uuid", "date",
         "timestamptz", "boolean", "bytea")  # fmt: skip
TABLES = """
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint);
INSERT INTO users SELECT generate_series(1, 10);
INSERT INTO orders SELECT generate_series(1, 10);
"""
READS = "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'orders'"


def severities(sql: str, code: str) -> list[str]:
    return [str(one.severity) for one in lint(sql, lint=BARE) if one.code == code]


def is_refused(database: Database, sql: str) -> bool:
    with closing(database.connect()) as connection:
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(sql.encode())
        except psycopg.Error:
            return True
    return False


@pytest.mark.parametrize("theirs", TYPES)
def test_what_we_say_is_refused_is_refused_and_nothing_else(
    database: Database, theirs: str
) -> None:
    for mine in TYPES:
        sql = (
            f"CREATE TABLE a (id {theirs} PRIMARY KEY);\n"
            f"CREATE TABLE b (a_id {mine} REFERENCES a);\n"
        )
        said = severities(sql, "schema/foreign-key-type")
        if said == ["critical"]:
            assert is_refused(database, sql), mine
        elif is_refused(database, sql):  # of one family, but only one way round
            assert said == ["warning"], mine


def test_equal_types_are_never_remarked() -> None:
    pairs = [(mine, theirs) for mine, theirs in product(TYPES, TYPES) if mine == theirs]
    for mine, theirs in pairs:
        sql = f"CREATE TABLE a (id {theirs} PRIMARY KEY, b {mine} REFERENCES a (id));\n"
        assert severities(sql, "schema/foreign-key-type") == []


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        ("ADD COLUMN user_id bigint REFERENCES users", "warning"),
        ("ADD COLUMN user_id bigint DEFAULT 1 REFERENCES users", "critical"),
        ("ADD FOREIGN KEY (id) REFERENCES users", "critical"),
        ("ADD FOREIGN KEY (id) REFERENCES users NOT VALID", ""),
    ],
)
def test_only_what_we_call_critical_reads_the_table(
    database: Database, change: str, severity: str
) -> None:
    database.run(TABLES)
    sql = f"ALTER TABLE orders {change};"
    assert severities(sql, "locks/foreign-key") == ([severity] if severity else [])
    with closing(database.connect()) as connection, connection.transaction():
        connection.execute(sql.encode())
        (reads,) = connection.execute(READS.encode()).fetchone() or (0,)
    assert (reads > 0) == (severity == "critical")
