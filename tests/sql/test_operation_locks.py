"""The lock that an operation claims to take, against what a server's pg_locks shows."""

from migrate_hooks.sql.operations import Lock, operations
from migrate_hooks.sql.split import statements
from tests.databases import Database

WORLD = """
CREATE TABLE u (id bigint PRIMARY KEY);
CREATE TABLE t (id bigint PRIMARY KEY, a int, b text, CONSTRAINT c CHECK (a > 0) NOT VALID);
CREATE UNIQUE INDEX i ON t (a);
CREATE TABLE p (id int) PARTITION BY LIST (id);
CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE q (id int);
CREATE MATERIALIZED VIEW m AS SELECT 1 AS one;
CREATE UNIQUE INDEX ON m (one);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER g AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY y ON t USING (true);
"""
STATEMENTS = (
    "ALTER TABLE t ADD COLUMN n int",
    "ALTER TABLE t DROP COLUMN b",
    "ALTER TABLE t ALTER a SET NOT NULL",
    "ALTER TABLE t ALTER a SET DEFAULT 1",
    "ALTER TABLE t ALTER b TYPE varchar",
    "ALTER TABLE t ALTER a SET STATISTICS 9",
    "ALTER TABLE t ADD CONSTRAINT k CHECK (a > 1) NOT VALID",
    "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES u",
    "ALTER TABLE t ADD CONSTRAINT k UNIQUE USING INDEX i",
    "ALTER TABLE t VALIDATE CONSTRAINT c",
    "ALTER TABLE t SET UNLOGGED",
    "ALTER TABLE t SET (fillfactor = 70)",
    "ALTER TABLE t DISABLE TRIGGER g",
    "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE t RENAME a TO z",
    "ALTER TABLE t RENAME TO z",
    "ALTER TABLE p ATTACH PARTITION q FOR VALUES IN (2)",
    "ALTER TABLE p DETACH PARTITION p1",
    "CREATE INDEX ON t (b)",
    "CREATE TRIGGER h AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
    "CREATE POLICY z ON t USING (true)",
    "DROP TRIGGER g ON t",
    "DROP POLICY y ON t",
    "DROP TABLE u",
    "TRUNCATE t",
    "REFRESH MATERIALIZED VIEW m",
    "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
    "LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE",
    "LOCK TABLE t",
    "CLUSTER t USING i",
    "UPDATE t SET a = 1",
    "DELETE FROM t",
    "INSERT INTO t VALUES (1)",
)
HELD = """
SELECT l.mode FROM pg_locks l
WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.relation = {oid}
"""


def test_a_server_takes_the_locks_that_we_claim(database: Database) -> None:
    database.run(WORLD)
    claimed = {sql: operations(statements(sql))[0] for sql in STATEMENTS}
    taken = {sql: held(database, sql, one.table) for sql, one in claimed.items()}
    assert taken == {sql: one.lock for sql, one in claimed.items()}


def held(database: Database, sql: str, table: str) -> Lock:
    """Return the strongest lock on a table that a statement leaves held in its transaction."""
    ((oid,),) = database.run(f"SELECT '{table}'::regclass::oid")
    with database.connect() as connection:
        connection.autocommit = False
        connection.execute(sql)
        modes = connection.execute(HELD.format(oid=oid)).fetchall()
        connection.rollback()
    return max(NAMED[mode.lower()] for (mode,) in modes)


NAMED = {lock.name.replace("_", "").lower() + "lock": lock for lock in Lock}
