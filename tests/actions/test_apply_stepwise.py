"""Migrations outside a transaction: each statement once, whatever ends the run in between."""

import signal
from pathlib import Path

import pytest

from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.sql.checksum import checksum
from tests.databases import Database
from tests.program import Program, Running
from tests.waiting import wait_until

HEAD = "-- UP Migration\n-- migrate-hooks: no-transaction\n"
FILE = "migrations/20250102000000_slow.sql"
INDEX = "CREATE INDEX CONCURRENTLY users_name ON users (name);"


@pytest.fixture
def folder(tmp_path: Path, database: Database) -> Path:
    (tmp_path / "migrations").mkdir()
    (tmp_path / ".env.staging").write_text(f"DATABASE_URL={database.url}\n")
    (tmp_path / "migrate-hooks.toml").write_text("[apply]\nlock_retries = 0\n")
    database.run("CREATE TABLE users (id int, name text)")
    database.run("CREATE TABLE marks (n int)")
    return tmp_path


def write(folder: Path, *statements: str) -> None:
    down = "-- DOWN Migration\nSELECT 1;\n"
    (folder / FILE).write_text(HEAD + "\n".join(statements) + f"\n{down}")


def start(folder: Path) -> Running:
    return Program(folder).begin("apply", "--env=staging")


def running(database: Database, words: str) -> list[tuple[int]]:
    return database.run(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
        f"AND query LIKE '%{words}%' AND pid <> pg_backend_pid()"
    )


def kill_both(process: Running, database: Database, words: str) -> None:
    """End the client as the power would, and the server's side of it before it notices."""
    process.kill()
    process.communicate()
    for (pid,) in running(database, words):
        database.run(f"SELECT pg_terminate_backend({pid}, 5000)")


def progress(database: Database) -> list[tuple[int, bool]]:
    return database.run("SELECT statements_done, running FROM migrate_hooks.progress")


def ledger(database: Database) -> list[tuple[str]]:
    return database.run("SELECT version FROM supabase_migrations.schema_migrations")


def test_a_run_that_was_killed_goes_on_at_the_right_statement(
    folder: Path, database: Database
) -> None:
    slow = "INSERT INTO marks SELECT 2 FROM pg_sleep(60);"
    write(folder, "INSERT INTO marks VALUES (1);", slow, "INSERT INTO marks VALUES (3);", INDEX)
    process = start(folder)
    wait_until(lambda: running(database, "FROM pg_sleep"))
    kill_both(process, database, "FROM pg_sleep")
    assert progress(database) == [(1, False)], "what runs in a transaction is never half known"
    quick = slow.replace("60", "0")
    write(folder, "INSERT INTO marks VALUES (1);", quick, "INSERT INTO marks VALUES (3);", INDEX)
    done = Program(folder)("apply", "--env=staging")
    assert done.code == 0, done
    assert "goes on behind statement 1 of 4" in done.stderr
    assert database.run("SELECT n FROM marks ORDER BY n") == [(1,), (2,), (3,)]
    assert progress(database) == []
    assert ledger(database) == [("20250102000000",)]


def test_an_index_that_was_being_built_is_removed_and_built_again(
    folder: Path, database: Database
) -> None:
    """A reader holds the build up; client and server side end while it waits."""
    write(folder, "INSERT INTO marks VALUES (1);", INDEX)
    (folder / "migrate-hooks.toml").write_text('[apply]\nlock_timeout = "60s"\n')
    with database.connect() as reader, reader.transaction():
        reader.execute("INSERT INTO users VALUES (1, 'a')")
        process = start(folder)
        wait_until(lambda: running(database, "CREATE INDEX CONCURRENTLY"))
        kill_both(process, database, "CREATE INDEX CONCURRENTLY")
    valid = "SELECT indisvalid FROM pg_index WHERE indrelid = 'users'::regclass"
    assert database.run(valid) == [(False,)]
    assert progress(database) == [(1, True)]
    done = Program(folder)("apply", "--env=staging")
    assert done.code == 0, done
    assert 'removed the INVALID index "public"."users_name"' in done.stderr
    assert database.run(valid) == [(True,)]
    assert database.run("SELECT n FROM marks") == [(1,)]


@pytest.mark.parametrize(
    ("left", "statement", "verdict"),
    [
        (["CREATE INDEX users_name ON users (name)"], INDEX, "done"),
        (["CREATE INDEX ON users (name)"], "CREATE INDEX CONCURRENTLY ON users (name);", "done"),
        ([], "DROP INDEX CONCURRENTLY users_name;", "done"),
        (["CREATE INDEX users_name ON users (name)"], "DROP INDEX CONCURRENTLY users_name;", "run"),
        ([], "VACUUM users;", "run"),
        ([], "CALL nothing();", "unknown"),
    ],
)
def test_a_statement_of_unknown_outcome_is_settled_by_the_catalogs(
    folder: Path, database: Database, left: list[str], statement: str, verdict: str
) -> None:
    """The mark of a statement under way is all that a killed run left behind."""
    database.run("CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1'")
    stop = "DO $$ BEGIN RAISE EXCEPTION 'not yet'; END $$;"
    write(folder, "SELECT 1;", stop)
    assert Program(folder)("apply", "--env=staging").code == 5
    for sql in left:
        database.run(sql)
    write(folder, "SELECT 1;", statement)
    texts = [one.text for one in LAYOUT.read(FILE, (folder / FILE).read_text()).up.statements]
    mark = checksum(";\n".join(texts))
    database.run(f"UPDATE migrate_hooks.progress SET running = true, checksum = '{mark}'")
    done = Program(folder)("apply", "--env=staging")
    assert done.code == (5 if verdict == "unknown" else 0), done
    assert ("nothing in the database tells" in done.stdout) == (verdict == "unknown")
    assert ("repair --env=staging" in done.stdout) == (verdict == "unknown")
    if verdict != "unknown":
        assert f"behind statement {2 if verdict == 'done' else 1} of 2" in done.stderr
        assert ledger(database) == [("20250102000000",)]


def test_what_has_run_may_not_be_edited_and_what_has_not_may(
    folder: Path, database: Database
) -> None:
    write(folder, "INSERT INTO marks VALUES (1);", "SELECT 1/0;")
    assert Program(folder)("apply", "--env=staging").code == 5
    write(folder, "INSERT INTO marks VALUES (100);", "SELECT 1;")
    done = Program(folder)("apply", "--env=staging")
    assert done.code == 5, done
    assert "was edited after its first statement was run" in done.stdout
    assert database.run("SELECT n FROM marks") == [(1,)]
    write(folder, "INSERT INTO marks VALUES (1); -- once", "SELECT 1;")
    assert Program(folder)("apply", "--env=staging").code == 0
    assert database.run("SELECT n FROM marks") == [(1,)]


def test_what_a_file_set_is_set_again_when_it_goes_on(folder: Path, database: Database) -> None:
    database.run("CREATE SCHEMA other")
    write(folder, "SET search_path = other;", "SELECT 1/0;", "CREATE TABLE here (id int);")
    assert Program(folder)("apply", "--env=staging").code == 5
    write(folder, "SET search_path = other;", "SELECT 1;", "CREATE TABLE here (id int);")
    assert Program(folder)("apply", "--env=staging").code == 0
    assert database.run("SELECT to_regclass('other.here') IS NOT NULL") == [(True,)]


def test_ctrl_c_in_an_index_build_leaves_what_the_next_run_clears(
    folder: Path, database: Database
) -> None:
    write(folder, INDEX)
    (folder / "migrate-hooks.toml").write_text('[apply]\nlock_timeout = "60s"\n')
    with database.connect() as reader, reader.transaction():
        reader.execute("INSERT INTO users VALUES (1, 'a')")
        process = start(folder)
        wait_until(lambda: running(database, "CREATE INDEX CONCURRENTLY"))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130, (out, err)
    assert "runs outside a transaction" in out
    assert Program(folder)("apply", "--env=staging").code == 0
    assert ledger(database) == [("20250102000000",)]


def test_a_role_that_may_keep_no_books_runs_transactions_only(
    folder: Path, database: Database
) -> None:
    role = f"poor_{database.name}"
    database.run(f"CREATE ROLE {role} LOGIN")
    try:
        database.run("CREATE SCHEMA supabase_migrations")
        database.run(
            "CREATE TABLE supabase_migrations.schema_migrations "
            "(version text PRIMARY KEY, statements text[], name text)"
        )
        database.run(f"GRANT ALL ON SCHEMA public, supabase_migrations TO {role}")
        database.run(f"GRANT ALL ON ALL TABLES IN SCHEMA supabase_migrations TO {role}")
        url = database.url.replace("postgres@", f"{role}@")
        (folder / ".env.staging").write_text(f"DATABASE_URL={url}\n")
        write(folder, "CREATE TABLE mine (id int);", "VACUUM;")
        refused = Program(folder)("apply", "--env=staging")
        assert refused.code == 1, refused
        assert f'GRANT CREATE ON DATABASE "{database.name}" TO "{role}";' in refused.stdout
        text = (folder / FILE).read_text()
        plain = text.replace("-- migrate-hooks: no-transaction\n", "").replace("VACUUM;", "")
        (folder / FILE).write_text(plain)
        done = Program(folder)("apply", "--env=staging")
        assert done.code == 0, done
        assert "no history was written" in done.stdout
        assert ledger(database) == [("20250102000000",)]
    finally:
        database.run(f"DROP OWNED BY {role}")
        database.run(f"DROP ROLE {role}")


def test_status_says_what_stopped_halfway_and_how_to_go_on(
    folder: Path, database: Database
) -> None:
    """The Supabase ledger has no row for it yet, so its state is pending, but nothing is clean."""
    write(folder, "CREATE TABLE one (id int);", "SELECT 1/0;")
    assert Program(folder)("apply", "--env=staging").code == 5
    halted = Program(folder)("status", "--env=staging")
    assert halted.code == 1
    assert "status/unfinished" in halted.stdout
    way_on = "migrate-hooks apply --env=staging --migration=20250102000000"
    assert way_on in halted.stdout
    write(folder, "CREATE TABLE one (id int);", "SELECT 1/1;")
    assert Program(folder)(*way_on.split()[1:]).code == 0
    assert Program(folder)("status", "--env=staging").code == 0
