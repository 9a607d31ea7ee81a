"""What a statement is, from its words, and whether a transaction block may hold it."""

from contextlib import closing

import psycopg
import pytest

from migrate_hooks.sql.split import statements
from tests.databases import Database


def named(text: str) -> tuple[str, str]:
    (found,) = statements(text)
    return found.verb, found.target


@pytest.mark.parametrize(
    ("text", "verb", "target"),
    [
        ("create table if not exists Public.Orders (id int)", "CREATE TABLE", "Public.Orders"),
        ("CREATE UNLOGGED TABLE a (id int)", "CREATE TABLE", "a"),
        ("CREATE GLOBAL TEMP TABLE a (id int)", "CREATE TABLE", "a"),
        ("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)", "CREATE INDEX", "i"),
        ("CREATE INDEX ON t (a)", "CREATE INDEX", ""),
        ("CREATE INDEX CONCURRENTLY ON t (a)", "CREATE INDEX", ""),
        ('CREATE /* x */ INDEX "My i" ON t (a)', "CREATE INDEX", '"My i"'),
        ("CREATE OR REPLACE FUNCTION a.f(x int) RETURNS int", "CREATE FUNCTION", "a.f"),
        ("CREATE OR REPLACE TEMP RECURSIVE VIEW v (a) AS SELECT 1", "CREATE VIEW", "v"),
        ("CREATE CONSTRAINT TRIGGER t AFTER INSERT ON a", "CREATE TRIGGER", "t"),
        ('CREATE POLICY "read own" ON notes', "CREATE POLICY", '"read own"'),
        ("CREATE MATERIALIZED VIEW m AS SELECT 1", "CREATE MATERIALIZED VIEW", "m"),
        ("CREATE SCHEMA IF NOT EXISTS AUTHORIZATION joe", "CREATE SCHEMA", "joe"),
        ("CREATE USER MAPPING FOR joe SERVER s", "CREATE USER MAPPING", "joe"),
        ("CREATE TRUSTED PROCEDURAL LANGUAGE x", "CREATE LANGUAGE", "x"),
        ("CREATE TEXT SEARCH DICTIONARY d (x = y)", "CREATE TEXT SEARCH DICTIONARY", "d"),
        ("DROP INDEX CONCURRENTLY IF EXISTS a.i, b", "DROP INDEX", "a.i"),
        ("ALTER TABLE IF EXISTS ONLY a.b ADD c int", "ALTER TABLE", "a.b"),
        ("ALTER DEFAULT PRIVILEGES IN SCHEMA a GRANT ALL ON TABLES TO b",
         "ALTER DEFAULT PRIVILEGES", ""),
        ("COMMENT ON COLUMN a.b IS 'x'", "COMMENT", "a.b"),
        ("GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA a TO b", "GRANT", "a"),
        ("GRANT EXECUTE ON FUNCTION f(int) TO b", "GRANT", "f"),
        ("GRANT SELECT ON role TO bob", "GRANT", "role"),
        ("GRANT boss TO bob", "GRANT", ""),
        ("INSERT INTO a.b (c) VALUES (1)", "INSERT", "a.b"),
        ("INSERT INTO role (id) VALUES (1)", "INSERT", "role"),
        ("UPDATE ONLY a SET b = 1", "UPDATE", "a"),
        ("UPDATE role SET b = 1", "UPDATE", "role"),
        ("DELETE FROM ONLY a.b WHERE c", "DELETE", "a.b"),
        ("TRUNCATE TABLE ONLY a, b", "TRUNCATE", "a"),
        ("LOCK TABLE a IN SHARE MODE", "LOCK", "a"),
        ("COPY a.b (c) FROM stdin", "COPY", "a.b"),
        ("COPY (SELECT 1) TO stdout", "COPY", ""),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY a.m", "REFRESH MATERIALIZED VIEW", "a.m"),
        ("REINDEX (VERBOSE) INDEX i", "REINDEX", "i"),
        ("VACUUM (FULL, ANALYZE) a.b", "VACUUM", "a.b"),
        ("ANALYSE a", "ANALYZE", "a"),
        ("SET LOCAL lock_timeout = '1s'", "SET", "lock_timeout"),
        ("BEGIN ISOLATION LEVEL SERIALIZABLE", "BEGIN", ""),
        ("START TRANSACTION", "BEGIN", ""),
        ("END", "COMMIT", ""),
        ("COMMIT AND CHAIN", "COMMIT", ""),
        ("ABORT", "ROLLBACK", ""),
        ("ROLLBACK WORK TO SAVEPOINT a", "ROLLBACK TO", "a"),
        ("PREPARE TRANSACTION 'x'", "PREPARE TRANSACTION", ""),
        ("COMMIT PREPARED 'x'", "COMMIT PREPARED", ""),
        ("WITH a AS (SELECT 1) SELECT 1", "WITH", ""),
        ("DO $$ BEGIN END $$", "DO", ""),
        ("SELECT 1", "SELECT", ""),
        ("CREATE", "CREATE", ""),
        ("1 2", "", ""),
        ('"a"', "", ""),
        ("\\connect shop", "\\", "\\connect"),
    ],
)  # fmt: skip
def test_verb_and_target(text: str, verb: str, target: str) -> None:
    assert named(text) == (verb, target)


OBJECTS = """
CREATE TABLE t (a int PRIMARY KEY);
CLUSTER t USING t_pkey;
CREATE TABLE p (a int) PARTITION BY RANGE (a);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2);
CREATE MATERIALIZED VIEW m AS SELECT a FROM t;
CREATE UNIQUE INDEX ON m (a);
CREATE TYPE mood AS ENUM ('calm');
"""
REFUSED = """
CREATE INDEX CONCURRENTLY ON t (a);
CREATE UNIQUE INDEX CONCURRENTLY i ON t (a);
DROP INDEX CONCURRENTLY IF EXISTS nope;
REINDEX TABLE CONCURRENTLY t;
REINDEX (VERBOSE, CONCURRENTLY) INDEX t_pkey;
REINDEX SCHEMA public;
VACUUM;
VACUUM FULL t;
CLUSTER;
CREATE DATABASE other;
DROP DATABASE IF EXISTS other;
DROP TABLESPACE IF EXISTS other;
CREATE TABLESPACE other LOCATION '/nowhere';
ALTER DATABASE postgres SET TABLESPACE pg_default;
ALTER SYSTEM SET work_mem = '4MB';
ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;
CREATE SUBSCRIPTION s CONNECTION 'dbname=postgres' PUBLICATION x;
DISCARD ALL;
COMMIT PREPARED 'x';
ROLLBACK PREPARED 'x'
"""
ACCEPTED = """
CREATE INDEX concurrently_named ON t (a);
DROP INDEX IF EXISTS nope;
REINDEX TABLE t;
REINDEX (VERBOSE) INDEX t_pkey;
ANALYZE t;
CLUSTER t;
ALTER TABLE p DETACH PARTITION p1;
ALTER TYPE mood ADD VALUE 'wild';
REFRESH MATERIALIZED VIEW CONCURRENTLY m;
ALTER DATABASE postgres SET work_mem = '4MB';
CREATE SUBSCRIPTION s CONNECTION 'dbname=postgres' PUBLICATION x WITH (connect = false);
CREATE SUBSCRIPTION s CONNECTION 'dbname=postgres' PUBLICATION x
  WITH (create_slot = 'off', enabled = false, connect = FALSE);
DISCARD TEMP;
LOCK TABLE t
"""


@pytest.mark.parametrize(("texts", "expected"), [(REFUSED, False), (ACCEPTED, True)])
def test_transaction_demands_are_known(texts: str, expected: bool) -> None:
    wrong = [each.text for each in statements(texts) if each.transactional is not expected]
    assert wrong == []


def test_the_server_agrees_on_every_transaction_demand(database: Database) -> None:
    """25001 is the server's "cannot run inside a transaction block"."""
    database.run(OBJECTS)
    answers: dict[str, bool] = {}
    with closing(database.connect()) as connection:
        for statement in statements(f"{REFUSED};{ACCEPTED}"):
            connection.execute("BEGIN")
            try:
                connection.execute(statement.text.encode())
            except psycopg.errors.ActiveSqlTransaction:
                answers[statement.text] = False
            else:
                answers[statement.text] = True
            connection.execute("ROLLBACK")
    assert answers == {
        each.text: each.transactional for each in statements(f"{REFUSED};{ACCEPTED}")
    }
