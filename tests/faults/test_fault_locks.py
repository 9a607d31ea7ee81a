"""Somebody else is there: locks, queues, deadlocks, limits of time, other runs of migrations."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from migrate_hooks.actions.locking import LOCK_KEY
from tests.databases import Database
from tests.faults.scene import Scene, wait_until
from tests.proxy import Proxy

ALTER = "ALTER TABLE marks ADD COLUMN more int;"
COLUMNS = "SELECT count(*) FROM pg_attribute WHERE attrelid = 'marks'::regclass AND attnum > 0"
PRISMA = 72707369


@pytest.fixture
def busy(scene: Scene) -> Scene:
    """Table marks is there, and a migration that wants to change it."""
    assert scene.run().code == 0
    scene.write(2, ALTER)
    return scene


@contextmanager
def reader(scene: Scene) -> "Iterator[psycopg.Connection[tuple[object, ...]]]":
    """A report of the night that reads table marks and does not end."""
    with scene.database.connect() as connection, connection.transaction():
        connection.execute("SET application_name = 'nightly report'")
        connection.execute("SELECT * FROM marks")
        yield connection


def impatient(scene: Scene, retries: int = 0) -> None:
    scene.configure(f'[apply]\nlock_timeout = "500ms"\nlock_retries = {retries}\nlock_wait = "1s"')


def test_a_table_that_is_read_all_night_is_given_up_and_its_reader_named(busy: Scene) -> None:
    impatient(busy, retries=1)
    with reader(busy) as other:
        done = busy.run()
        assert f"process {other.info.backend_pid} (nightly report, idle in trans" in done.words
        assert f"pg_terminate_backend({other.info.backend_pid})" in done.words
    assert (done.code, done.states, done.codes) == (6, ["failed"], ["lock/busy"])
    assert "AccessExclusiveLock on public.marks" in done.words
    assert "rying again in" in done.said
    assert (busy.applied(), busy.database.run(COLUMNS)) == ([1], [(1,)])
    assert busy.run().code == 0


def test_who_queues_behind_us_is_let_through_although_we_wait(busy: Scene) -> None:
    """The reader never ends; an application that came after us gets its answer all the same."""
    impatient(busy, retries=60)
    with reader(busy), ThreadPoolExecutor(1) as pool:
        running = busy.start()
        busy.until_active("ALTER TABLE")
        queued = pool.submit(busy.database.run, "SELECT count(*) FROM marks")
        assert queued.result(30) == [(0,)]
        assert not running.process.is_over, "we are still trying"
        running.signal(signal.SIGINT)
        assert running.end().code == 130
    assert busy.applied() == [1]


def test_a_lock_that_is_let_go_in_time_is_taken_at_a_later_try(busy: Scene) -> None:
    impatient(busy, retries=60)
    with reader(busy):
        running = busy.start()
        busy.until_active("ALTER TABLE")
    assert running.end().code == 0
    assert (busy.applied(), busy.database.run(COLUMNS)) == ([1, 2], [(2,)])


def test_a_deadlock_is_rolled_back_and_tried_again(scene: Scene) -> None:
    """An application holds the second table and asks for the first; the server ends one: us."""
    scene.database.run("CREATE TABLE a (id int); CREATE TABLE b (id int)")
    scene.write(2, "ALTER TABLE a ADD COLUMN x int;\nALTER TABLE b ADD COLUMN x int;")
    scene.configure('[apply]\nlock_timeout = "3s"\n')
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'b'::regclass"
    with scene.database.connect() as application:
        application.execute("SET deadlock_timeout = '30s'")
        application.execute("BEGIN")
        application.execute("LOCK TABLE b IN ACCESS SHARE MODE")
        running = scene.start()
        wait_until(lambda: scene.database.run(waiting))
        application.execute("LOCK TABLE a IN ACCESS SHARE MODE")
        application.execute("COMMIT")
    done = running.end()
    assert (done.code, done.states) == (0, ["applied", "applied"])
    assert "rying again in" in done.said
    assert scene.applied() == [1, 2]


def test_eight_runs_at_once_apply_everything_once(scene: Scene) -> None:
    for number in range(2, 6):
        up = f"INSERT INTO marks VALUES ({number});\nSELECT pg_sleep(0.05);"
        scene.write(number, up, outside=number == 3)
    runs = [scene.start() for _ in range(8)]
    ended = [run.end() for run in runs]
    assert [done.code for done in ended] == [0] * 8
    applied = [done.states.count("applied") for done in ended]
    assert sum(applied) == 5, "each file was applied by exactly one of them"
    assert (scene.applied(), scene.marks()) == ([1, 2, 3, 4, 5], [2, 3, 4, 5])


@pytest.mark.parametrize("outside", [False, True])
def test_another_run_is_waited_for_only_so_long_and_named(
    busy: Scene, second_database: Database, outside: bool
) -> None:
    """In another database of the server somebody holds the same lock, which is none of ours."""
    impatient(busy)
    busy.write(2, ALTER if not outside else "VACUUM marks;", outside=outside)
    with second_database.connect() as elsewhere, elsewhere.transaction():
        elsewhere.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        with busy.database.connect() as other, other.transaction():
            other.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
            done = busy.run()
            assert f"It is process {other.info.backend_pid}" in done.words
        assert (done.code, done.codes) == (6, ["lock/busy"])
        assert busy.applied() == [1]
        assert busy.run().code == 0


def test_a_deploy_by_prisma_itself_is_waited_for(scene: Scene) -> None:
    folder = scene.folder / "prisma/migrations/20250101000000_user"
    folder.mkdir(parents=True)
    (folder / "migration.sql").write_text('CREATE TABLE "User" ("id" INTEGER NOT NULL);\n')
    (folder.parent / "migration_lock.toml").write_text('provider = "postgresql"\n')
    scene.configure('migrations = "prisma/migrations"\n[apply]\nlock_wait = "1s"\n')
    with scene.database.connect() as prisma:
        prisma.execute("SELECT pg_advisory_lock(%s)", [PRISMA])
        done = scene.run()
        assert f"It is process {prisma.info.backend_pid}" in done.words
    assert (done.code, done.codes) == (6, ["lock/busy"])
    assert "Another migrate-hooks (or prisma) is changing staging" in done.words
    assert not scene.has('"User"')
    assert scene.run().code == 0
    assert scene.has('"User"')


def test_pg_terminate_backend_leaves_nothing(scene: Scene) -> None:
    scene.write(2, "INSERT INTO marks VALUES (2);\nSELECT pg_sleep(600);")
    running = scene.start()
    scene.database.run(f"SELECT pg_terminate_backend({scene.until_active('pg_sleep(600)')})")
    rolled_back(scene, running.end().code)


def test_pg_cancel_backend_leaves_nothing(scene: Scene) -> None:
    scene.write(2, "INSERT INTO marks VALUES (2);\nSELECT pg_sleep(600);")
    running = scene.start()
    scene.database.run(f"SELECT pg_cancel_backend({scene.until_active('pg_sleep(600)')})")
    done = running.end()
    assert "ERROR 57014" in done.words
    rolled_back(scene, done.code)


def rolled_back(scene: Scene, code: int) -> None:
    assert code == 4
    assert (scene.applied(), scene.marks()) == ([1], [])
    scene.write(2, "INSERT INTO marks VALUES (2);")
    assert scene.run().code == 0
    assert (scene.applied(), scene.marks()) == ([1, 2], [2])


def test_our_statement_timeout_ends_a_migration_that_takes_too_long(scene: Scene) -> None:
    scene.configure('[apply]\nstatement_timeout = "300ms"\n')
    scene.write(2, "INSERT INTO marks VALUES (2);\nSELECT pg_sleep(600);")
    done = scene.run()
    assert (done.states, "statement timeout" in done.words) == (["applied", "failed"], True)
    rolled_back(scene, done.code)


def test_transaction_timeout_of_the_database_ends_our_session(scene: Scene) -> None:
    """The server closes the connection in mid-statement; the setting is new in PostgreSQL 17."""
    assert scene.run().code == 0
    scene.write(2, "INSERT INTO marks VALUES (2);\nSELECT pg_sleep(600);")
    name = scene.database.name
    scene.database.run(f"ALTER DATABASE \"{name}\" SET transaction_timeout = '600ms'")
    done = scene.run()
    scene.database.run(f'ALTER DATABASE "{name}" RESET transaction_timeout')
    assert "transaction timeout" in done.words
    rolled_back(scene, done.code)


def test_a_program_that_stops_in_mid_transaction_does_not_keep_its_locks(
    scene: Scene, line: Path
) -> None:
    """As on a laptop that sleeps: the server ends the transaction, and we are told when we wake."""
    scene.configure('[apply]\nidle_in_transaction_session_timeout = "500ms"\n')
    scene.write(2, "INSERT INTO marks VALUES (2);\nINSERT INTO marks VALUES (3);")
    assert scene.run("apply", "--migration=step_1").code == 0

    def dawdle(data: bytes) -> str:
        if b"VALUES (3)" in data:
            wait_until(lambda: not scene.database.run(OURS_IN_TRANSACTION))
        return ""

    scene.through(line)
    with Proxy(line, Path(scene.database.parameters["host"]), dawdle):
        done = scene.run()
    scene.point(scene.database.url)
    assert done.states == ["failed"]
    rolled_back(scene, done.code)


OURS_IN_TRANSACTION = (
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
    "AND state = 'idle in transaction' AND application_name LIKE 'migrate-hooks/%'"
)


def test_a_ledger_that_must_grow_is_not_waited_for_without_a_limit(scene: Scene) -> None:
    """It has the oldest form, and a session holds it so that it may be read and not altered."""
    impatient(scene)
    ledger = "supabase_migrations.schema_migrations"
    scene.database.run(f"CREATE SCHEMA supabase_migrations; CREATE TABLE {ledger} (version text)")
    with scene.database.connect() as other, other.transaction():
        other.execute(f"LOCK TABLE {ledger} IN SHARE MODE")
        done = scene.run()
    assert (done.code, done.codes) == (6, ["lock/busy"])
    assert f"The ledger {ledger} of staging is in use by another session" in done.words
    assert (scene.applied(), scene.has("marks")) == ([], False)
    assert scene.run().code == 0


@pytest.mark.parametrize("table", ["identity", "history", "progress"])
def test_our_own_tables_are_not_waited_for_without_a_limit(scene: Scene, table: str) -> None:
    impatient(scene)
    assert scene.run().code == 0
    scene.write(2, "INSERT INTO marks VALUES (2);", outside=table == "progress")
    with scene.database.connect() as other, other.transaction():
        other.execute(f"LOCK TABLE migrate_hooks.{table} IN ACCESS EXCLUSIVE MODE")
        done = scene.run()
    assert done.code != 0
    assert (scene.applied(), scene.marks()) == ([1], [])
    assert scene.run().code == 0
    assert (scene.applied(), scene.marks()) == ([1, 2], [2])
