"""What CONCURRENTLY leaves behind is found by the catalogs alone, and cleared or finished."""

import psycopg
import pytest

from migrate_hooks.actions.settle import Settled, Verdict, settle
from migrate_hooks.outside import postgres
from migrate_hooks.sql.split import statements
from tests.databases import Database

TABLES = """
CREATE TABLE users (id int, name text);
CREATE INDEX users_name ON users (name);
CREATE TABLE logs (id int) PARTITION BY RANGE (id);
CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (1) TO (9);
CREATE TYPE mood AS ENUM ('good');
"""


@pytest.fixture
def tables(database: Database) -> Database:
    for sql in TABLES.strip().splitlines():
        database.run(sql)
    return database


def settled(database: Database, sql: str, *, running: bool = True) -> Settled:
    with postgres.session(database.target()) as session:
        return settle(session, statements(sql)[0], running=running)


def make_invalid(database: Database, name: str) -> None:
    database.run(f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{name}'::regclass")


def indexes(database: Database) -> list[str]:
    sql = "SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'users'::regclass"
    return sorted(row[0] for row in database.run(sql))


def test_what_a_cut_reindex_left_is_removed(tables: Database) -> None:
    tables.run("CREATE INDEX users_name_ccnew ON users (name)")
    make_invalid(tables, "users_name_ccnew")
    found = settled(tables, "REINDEX TABLE CONCURRENTLY users")
    assert found.verdict is Verdict.RUN
    assert found.done == (
        'removed the INVALID index "public"."users_name_ccnew" that an earlier run left',
    )
    assert indexes(tables) == ["users_name"]


def test_a_detach_that_is_pending_is_finished(tables: Database) -> None:
    detach = "ALTER TABLE logs DETACH PARTITION logs_1 CONCURRENTLY"
    with tables.connect() as reader, reader.transaction():
        reader.execute("SELECT FROM logs")
        with tables.connect() as other:
            other.execute("SET statement_timeout = '300ms'")
            with pytest.raises(psycopg.errors.QueryCanceled):
                other.execute(detach)
    assert tables.run("SELECT inhdetachpending FROM pg_inherits") == [(True,)]
    found = settled(tables, detach)
    assert found.verdict is Verdict.DONE
    assert tables.run("SELECT 1 FROM pg_inherits") == []
    assert settled(tables, detach).verdict is Verdict.DONE


@pytest.mark.parametrize(
    ("sql", "verdict"),
    [
        ("CREATE INDEX CONCURRENTLY users_name ON users (name)", Verdict.DONE),
        ("CREATE INDEX CONCURRENTLY other ON users (name)", Verdict.RUN),
        ("CREATE INDEX CONCURRENTLY users_name ON users (id)", Verdict.RUN),
        ("CREATE UNIQUE INDEX CONCURRENTLY ON users (name)", Verdict.RUN),
        ("CREATE INDEX CONCURRENTLY ON users (name, id)", Verdict.RUN),
        ("CREATE INDEX CONCURRENTLY ON users (name) WHERE id > 1", Verdict.RUN),
        ("CREATE INDEX CONCURRENTLY i ON nowhere (name)", Verdict.RUN),
        ("DROP INDEX CONCURRENTLY users_name", Verdict.RUN),
        ("DROP INDEX CONCURRENTLY other", Verdict.DONE),
        ("ALTER TYPE mood ADD VALUE 'good'", Verdict.DONE),
        ("ALTER TYPE mood ADD VALUE 'bad'", Verdict.RUN),
        ("ALTER TABLE logs DETACH PARTITION logs_1 CONCURRENTLY", Verdict.RUN),
        ("VACUUM users", Verdict.RUN),
        ("CALL anything()", Verdict.UNKNOWN),
        ("DO $$ BEGIN END $$", Verdict.UNKNOWN),
        ("CREATE DATABASE other", Verdict.UNKNOWN),
    ],
)
def test_the_verdict_follows_from_what_is_there(
    tables: Database, sql: str, verdict: Verdict
) -> None:
    assert settled(tables, sql).verdict is verdict
    assert settled(tables, sql, running=False).verdict is Verdict.RUN, "it is known to have failed"


def test_an_index_of_that_name_elsewhere_is_not_ours(tables: Database) -> None:
    tables.run("CREATE SCHEMA other")
    tables.run("CREATE TABLE other.users (name text)")
    tables.run("CREATE INDEX wanted ON other.users (name)")
    make_invalid(tables, "other.wanted")
    assert settled(tables, "CREATE INDEX CONCURRENTLY wanted ON users (name)").done == ()
    assert tables.run("SELECT to_regclass('other.wanted') IS NOT NULL") == [(True,)]
