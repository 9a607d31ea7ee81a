"""The stamp of a database: another one after whatever a kind shows, the same after all else."""

import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from migrate_hooks.outside import postgres
from migrate_hooks.outside.embedded import Server
from migrate_hooks.outside.postgres import Session
from migrate_hooks.schema import rows, snapshot, stamp
from tests import databases
from tests.databases import Database

GROUND = """
CREATE ROLE stamp_reader; CREATE ROLE stamp_other;
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a int, b int);
CREATE DOMAIN short AS text CHECK (length(VALUE) < 10);
CREATE SEQUENCE counter;
CREATE TABLE parent (id int PRIMARY KEY);
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, parent int, name text,
    price numeric(10, 2) DEFAULT 0, made timestamptz, mood mood);
CREATE TABLE parts (id int) PARTITION BY RANGE (id);
CREATE TABLE low (id int); CREATE TABLE high (id int);
CREATE INDEX t_name ON t (name);
CREATE VIEW seen AS SELECT id FROM t;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM t;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION watched() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE FUNCTION same(pair, pair) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION one(n int) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TRIGGER touched BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY own ON t USING (id > 0);
CREATE PUBLICATION pub FOR TABLE t;
CREATE FOREIGN DATA WRAPPER wrapper;
CREATE SERVER remote FOREIGN DATA WRAPPER wrapper;
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
INSERT INTO t (name) VALUES ('x');
"""

CHANGES = """
CREATE TABLE fresh (id int)
DROP TABLE fresh
ALTER TABLE t ADD note text
ALTER TABLE t ALTER price TYPE numeric(12, 2)
ALTER TABLE t ALTER price SET DEFAULT 1
ALTER TABLE t ALTER name SET NOT NULL
ALTER TABLE t ALTER name SET STORAGE EXTERNAL
ALTER TABLE t ALTER name SET STATISTICS 7
ALTER TABLE t ALTER id SET INCREMENT 3
ALTER TABLE t RENAME name TO title
ALTER TABLE t SET (fillfactor = 70)
ALTER TABLE t REPLICA IDENTITY FULL
ALTER TABLE t ENABLE ROW LEVEL SECURITY
ALTER TABLE t ADD CHECK (price >= 0)
ALTER TABLE t ADD FOREIGN KEY (parent) REFERENCES parent NOT VALID
ALTER TABLE t VALIDATE CONSTRAINT t_parent_fkey
ALTER TABLE t DISABLE TRIGGER touched
ALTER TABLE t CLUSTER ON t_name
ALTER TABLE parts ATTACH PARTITION low FOR VALUES FROM (0) TO (10)
ALTER TABLE parts DETACH PARTITION low
ALTER TABLE low INHERIT high
CREATE INDEX t_made ON t (made)
ALTER INDEX t_made RENAME TO t_when
CREATE STATISTICS both_of ON parent, price FROM t
ALTER POLICY own ON t USING (true)
CREATE OR REPLACE VIEW seen AS SELECT id FROM t WHERE id > 1
CREATE RULE nothing AS ON DELETE TO t DO INSTEAD NOTHING
CREATE OR REPLACE FUNCTION one(n int) RETURNS int LANGUAGE sql AS 'SELECT 2'
ALTER FUNCTION one SECURITY DEFINER
ALTER FUNCTION one SET work_mem = '8MB'
CREATE AGGREGATE total(int) (sfunc = int4pl, stype = int)
ALTER TYPE mood ADD VALUE 'glad'
ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'
ALTER TYPE pair ADD ATTRIBUTE c int
ALTER DOMAIN short SET NOT NULL
CREATE TYPE span AS RANGE (subtype = int4)
ALTER SEQUENCE counter INCREMENT 5
ALTER SEQUENCE counter OWNED BY t.parent
COMMENT ON TABLE t IS 'words'
COMMENT ON SCHEMA public IS 'other words'
GRANT SELECT ON t TO stamp_reader
GRANT SELECT (parent) ON t TO stamp_reader
GRANT USAGE ON SCHEMA public TO stamp_reader
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO stamp_reader
ALTER ROLE stamp_reader RENAME TO stamp_writer
ALTER TABLE t OWNER TO stamp_other
ALTER PUBLICATION pub ADD TABLE parent
ALTER PUBLICATION pub SET (publish = 'insert')
ALTER PUBLICATION pub ADD TABLES IN SCHEMA app
CREATE SUBSCRIPTION sub CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false, slot_name = NONE)
ALTER SUBSCRIPTION sub SET (binary = true)
ALTER SERVER remote OPTIONS (ADD host 'x')
CREATE FOREIGN TABLE far (id int) SERVER remote
CREATE USER MAPPING FOR stamp_other SERVER remote
CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION watched()
ALTER TEXT SEARCH CONFIGURATION words DROP MAPPING FOR email
CREATE TEXT SEARCH DICTIONARY own_words (TEMPLATE = simple)
CREATE COLLATION loud (provider = libc, locale = 'C')
CREATE CAST (pair AS text) WITH INOUT
CREATE OPERATOR === (leftarg = pair, rightarg = pair, function = same)
CREATE OPERATOR FAMILY fam USING btree
CREATE OPERATOR CLASS cls FOR TYPE pair USING btree FAMILY fam AS OPERATOR 3 ===
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 < (int, int8)
CREATE EXTENSION vector
ALTER EXTENSION vector ADD TABLE parent
ALTER EXTENSION vector DROP TABLE parent
CREATE SCHEMA more
ALTER SCHEMA more RENAME TO yet_more
ALTER DATABASE {name} OWNER TO stamp_other
""".strip().splitlines()

HARMLESS = (
    "INSERT INTO t (parent) SELECT generate_series(1, 500)",
    "UPDATE t SET parent = 2",
    "DELETE FROM t WHERE parent = 2",
    "SELECT nextval('counter')",
    "ANALYZE",
    "VACUUM",
    "VACUUM (FREEZE, ANALYZE) t",
    "BEGIN; CREATE TABLE undone (id int); ROLLBACK",
)
TEMPORARY = """
DROP TABLE IF EXISTS pg_temp.mine;
CREATE TEMPORARY TABLE mine (id serial PRIMARY KEY, words text);
CREATE INDEX ON mine (words)
"""
ROLES = "SELECT oid, rolname FROM pg_catalog.pg_roles ORDER BY oid"


@pytest.fixture(scope="module")
def made(server: Server) -> Iterator[Database]:
    database = databases.make(server)
    database.run(GROUND)
    yield database
    for words in ("DROP SUBSCRIPTION IF EXISTS sub", "DROP OWNED BY stamp_writer"):
        database.run(words)
    databases.drop(server, database)
    with postgres.session(_postgres(database).target()) as session:
        session.run("DROP ROLE stamp_writer; DROP ROLE stamp_other")


def _postgres(database: Database) -> Database:
    return Database("postgres", {**database.parameters, "dbname": "postgres"})


def is_left_alone(session: Session, act: Callable[[], object]) -> bool:
    """Say whether the stamp is the same after `act`, and other tests made no role meanwhile."""
    for _ in range(5):
        before, roles = stamp.read(session), session.rows(ROLES)
        act()
        after = stamp.read(session)
        if roles == session.rows(ROLES):
            return before == after
    return False


def test_what_is_no_schema_leaves_the_stamp_alone(made: Database) -> None:
    """Rows, sequences, statistics, and whatever sessions have for themselves."""
    with postgres.session(made.target()) as session, made.connect() as other:
        assert is_left_alone(session, lambda: other.execute(TEMPORARY)), "a temporary table"
        for words in HARMLESS:
            assert is_left_alone(session, partial(session.run, words)), words


def test_every_change_of_a_schema_changes_the_stamp(made: Database) -> None:
    """Also beside a session with temporary tables, whose rows do not count."""
    with postgres.session(made.target()) as session, made.connect() as other:
        other.execute(TEMPORARY)
        before = stamp.read(session)
        for words in CHANGES:
            session.run(words.format(name=made.name))
            after = stamp.read(session)
            assert after != before, words
            before = after


def test_a_role_that_may_nothing_sees_the_same_stamp(made: Database) -> None:
    with postgres.session(made.target()) as session:
        assert is_left_alone(session, lambda: session.run("SET ROLE stamp_other"))


def test_every_catalog_that_a_kind_reads_counts() -> None:
    everything = dict(enumerate(snapshot.kinds()))
    read = {
        name
        for version in (140_000, 150_000, 180_000)
        for name in re.findall(
            r"pg_catalog\.(pg_[a-z_]+)\b(?!\()", rows.statement(everything, version)
        )
    }
    types = {"pg_char", "pg_lsn"}
    assert read - types <= stamp.CATALOGS
