"""What goes wrong while `apply` runs: after every fault the state is known and said."""

import signal
from pathlib import Path

import pytest

from migrate_hooks.actions import carry_out, locking, transactional
from migrate_hooks.actions.carry_out import Done
from migrate_hooks.actions.job import Job, Result
from migrate_hooks.actions.lookout import Lookout
from migrate_hooks.actions.voice import Voice
from migrate_hooks.errors import LockBusy
from migrate_hooks.history import plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.ledgers import store
from migrate_hooks.model.history import Step
from migrate_hooks.model.settings import ApplySettings
from migrate_hooks.outside import postgres
from tests.databases import Database
from tests.program import Program, Running
from tests.waiting import wait_until

ROWS = "SELECT version FROM supabase_migrations.schema_migrations ORDER BY 1"


@pytest.fixture
def folder(tmp_path: Path, database: Database) -> Path:
    (tmp_path / "migrations").mkdir()
    (tmp_path / ".env.staging").write_text(f"DATABASE_URL={database.url}\n")
    write(tmp_path, 1, "CREATE TABLE one (id int);")
    return tmp_path


def write(folder: Path, number: int, up: str) -> None:
    path = folder / f"migrations/2025010{number}000000_step_{number}.sql"
    path.write_text(f"-- UP Migration\n{up}\n-- DOWN Migration\nSELECT 1;\n")


def start(folder: Path, *words: str) -> Running:
    return Program(folder).begin("apply", "--env=staging", *words)


def sleeping(database: Database) -> list[tuple[int]]:
    """Process ids of backends that are inside the slow statement."""
    return database.run(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
        "AND state = 'active' AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"
    )


def exists(database: Database, relation: str) -> bool:
    return bool(database.run(f"SELECT to_regclass('{relation}') IS NOT NULL")[0][0])


def outside(sql: str) -> str:
    return f"-- migrate-hooks: no-transaction\n{sql}"


@pytest.mark.parametrize(
    ("sql", "kept"),
    [
        ("DO $$ BEGIN CREATE TABLE kept (); COMMIT; PERFORM 1/0; END $$;", "partial"),
        ("REINDEX (VERBOSE) INDEX CONCURRENTLY nowhere;", "partial"),
        ("SELECT pg_terminate_backend(pg_backend_pid());", "unknown"),
        ("CREATE TABLE one (id int);", "failed"),
    ],
)
def test_what_a_first_statement_may_have_left_outside_a_transaction_is_said(
    folder: Path, sql: str, kept: str
) -> None:
    write(folder, 2, outside(sql))
    done = Program(folder)("apply", "--env=staging")
    assert done.code == (4 if kept == "failed" else 5), done
    assert f"1 applied, 1 {kept}." in done.stdout
    assert ("Nothing of this file was applied" in done.stdout) == (kept == "failed")


def test_a_connection_that_ends_between_two_files_keeps_what_was_done(
    folder: Path, database: Database
) -> None:
    write(folder, 2, "SELECT 1;")
    paths = sorted((folder / "migrations").iterdir())
    files = [LAYOUT.read(f"migrations/{path.name}", path.read_text()) for path in paths]
    planned = plan.pending("staging", reconcile("staging", files, ()), ApplySettings())
    with postgres.session(database.target()) as session:
        pid = session.connection.info.backend_pid

        def cut(said: str) -> None:
            if said.startswith("[1/2]"):
                database.run(f"SELECT pg_terminate_backend({pid}, 5000)")

        ledger = store.by_name("supabase")
        lookout = Lookout(session.target, pid, 1, lambda _seen: None)
        job = Job(session, ledger, ApplySettings(), Voice(cut), lookout, "run", "tester")
        done = carry_out.run(job, planned)
    assert [step.state for step in done.steps] == ["applied", "failed"]
    assert (done.exit_code, done.notes) == (4, ("1 applied, 1 failed.",))
    assert database.run(ROWS) == [("20250101000000",)]


@pytest.mark.parametrize("change", ["SET ROLE", "SET SESSION AUTHORIZATION"])
@pytest.mark.parametrize("head", ["", "-- migrate-hooks: no-transaction\n"])
def test_a_file_that_becomes_another_role_is_recorded_all_the_same(
    folder: Path, database: Database, change: str, head: str
) -> None:
    role = f"other_{database.name}"
    database.run(f"CREATE ROLE {role}")
    try:
        write(folder, 2, f"{head}{change} {role};\nSELECT 1;")
        done = Program(folder)("apply", "--env=staging")
        assert done.code == 0, done
        assert database.run(ROWS) == [("20250101000000",), ("20250102000000",)]
    finally:
        database.run(f"DROP ROLE {role}")


def test_ctrl_c_in_a_second_run_does_not_take_the_first_for_it(
    folder: Path, database: Database
) -> None:
    write(folder, 2, "SELECT 1;")
    assert Program(folder)("apply", "--env=staging").code == 0
    write(folder, 2, "SELECT pg_sleep(60);")
    running = start(folder, "--migration=step_2", "--force")
    wait_until(lambda: sleeping(database))
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert running.returncode == 130, (out, err)
    assert "step_2.sql was rolled back: nothing of it is applied." in out
    assert "Go on" not in out, "there is nothing pending to go on with"


def test_ctrl_c_while_waiting_for_another_apply_runs_nothing(
    folder: Path, database: Database
) -> None:
    assert Program(folder)("apply", "--env=staging").code == 0
    write(folder, 2, "CREATE TABLE two (id int);")
    with database.connect() as other, other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(%s)", [locking.LOCK_KEY])
        running = start(folder)
        wait_until(lambda: database.run(POLLING))
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)
    assert running.returncode == 130, (out, err)
    assert "nothing of it is applied" in out
    assert "Go on: `migrate-hooks apply --env=staging`." in out
    assert out.rstrip().endswith("failed"), "nothing is partial or unknown"
    assert not exists(database, "two")


POLLING = (
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() "
    "AND query LIKE '%pg_try_advisory%' AND pid <> pg_backend_pid()"
)


def test_a_database_whose_transactions_see_frozen_snapshots_is_applied_to_once(
    folder: Path, database: Database
) -> None:
    """Whoever waited for the lock must see the row that was committed meanwhile."""
    database.run(
        f'ALTER DATABASE "{database.name}" SET default_transaction_isolation = serializable'
    )
    assert Program(folder)("apply", "--env=staging").code == 0
    write(folder, 2, "CREATE TABLE two (id int);\nSELECT pg_sleep(1);")
    runs = [start(folder) for _ in range(3)]
    ended = [(run.communicate(timeout=60), run.returncode) for run in runs]
    assert [code for _, code in ended] == [0] * 3, ended


def running(database: Database, voice: Voice, count: int, ledger: str = "supabase") -> Done:
    """Apply `count` files in this process, so that a fault can be put where no signal gets."""
    files = [
        LAYOUT.read(f"m/{n}_x.sql", f"-- UP Migration\nCREATE TABLE t{n} (id int);\n")
        for n in range(1, count + 1)
    ]
    planned = plan.pending("staging", reconcile("staging", files, ()), ApplySettings())
    with postgres.session(database.target()) as session:
        lookout = Lookout(session.target, session.backend(), 1, lambda _seen: None)
        known = store.by_name(ledger)
        job = Job(session, known, ApplySettings(), voice, lookout, "run", "tester")
        return carry_out.run(job, planned)


def test_a_bug_keeps_the_report_of_every_step(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bug is met after the second COMMIT: what the server has is what is said."""
    real = transactional.run

    def buggy(job: Job, step: Step) -> Result:
        result = real(job, step)
        if step.migration.version.text == "2":
            raise ZeroDivisionError("a secret in its words")
        return result

    monkeypatch.setattr(transactional, "run", buggy)
    done = running(database, Voice(), 3)
    assert [step.state for step in done.steps] == ["applied", "applied", "not-run"]
    assert done.exit_code == 1
    assert "ZeroDivisionError at test_apply_faults.py" in done.findings[0].message
    assert "secret" not in done.findings[0].message


def test_ctrl_c_between_two_files_keeps_the_report_of_both(database: Database) -> None:
    def stop(said: str) -> None:
        if said.startswith("[1/2]"):
            raise KeyboardInterrupt

    done = running(database, Voice(stop), 2)
    assert (done.exit_code, done.outcome) == (130, "failed")
    tally, way_on = done.notes[-2:]
    assert tally == "1 applied, 1 not-run."
    assert way_on.startswith("Go on: `migrate-hooks apply --env=")
    assert [step.state for step in done.steps] == ["applied", "not-run"]
    assert not exists(database, "t2")


def test_prismas_own_lock_is_respected(database: Database) -> None:
    """Whoever deploys with Prisma holds its key; a ledger of Prisma's makes us take it as well."""
    with database.connect() as prisma:
        prisma.execute("SELECT pg_advisory_lock(72707369)")
        with pytest.raises(LockBusy) as caught:
            impatient(database, "prisma")
        assert "or prisma" in caught.value.message
        assert impatient(database, "supabase").exit_code == 0


def impatient(database: Database, ledger: str) -> Done:
    read = LAYOUT.read("m/1_x.sql", "-- UP Migration\nSELECT 1;\n")
    settings = ApplySettings(lock_wait=0)
    planned = plan.pending("staging", reconcile("staging", [read], ()), settings)
    with postgres.session(database.target()) as session:
        lookout = Lookout(session.target, session.backend(), 1, lambda _seen: None)
        known = store.by_name(ledger)
        job = Job(session, known, settings, Voice(), lookout, "run", "tester")
        return carry_out.run(job, planned)


def test_a_session_default_that_ends_idle_transactions_is_survived_or_told(
    folder: Path, database: Database
) -> None:
    """Our own SET LOCAL replaces what the database has as its default."""
    name = database.name
    database.run(f'ALTER DATABASE "{name}" SET idle_in_transaction_session_timeout = 1')
    database.run(f'ALTER DATABASE "{name}" SET statement_timeout = 200')
    write(folder, 2, "SELECT pg_sleep(0.5);")
    done = Program(folder)("apply", "--env=staging")
    assert done.code == 0, done
