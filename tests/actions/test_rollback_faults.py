"""A rollback that is killed, cut off or started twice: what stands is known, nothing goes twice."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from migrate_hooks.actions import carry_out
from migrate_hooks.actions.job import Job
from migrate_hooks.actions.lookout import Lookout
from migrate_hooks.actions.voice import Voice
from migrate_hooks.history import plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.ledgers import store
from migrate_hooks.model.history import Direction
from migrate_hooks.model.settings import ApplySettings
from migrate_hooks.outside import postgres
from tests.databases import Database
from tests.program import Program, Running
from tests.proxy import Proxy
from tests.waiting import wait_until

LEDGER = "SELECT version FROM supabase_migrations.schema_migrations ORDER BY version"
SLOW = "DROP TABLE t{0};\nSELECT pg_catalog.pg_sleep({1});"


@pytest.fixture
def folder(tmp_path: Path, database: Database) -> Path:
    """A folder of three applied migrations, each of a table; the DOWN of the last one is slow."""
    (tmp_path / "migrations").mkdir()
    (tmp_path / ".env.staging").write_text(f"DATABASE_URL={database.url}\n")
    for number in (1, 2, 3):
        write(tmp_path, number, 0)
    assert Program(tmp_path)("apply", "--env=staging").code == 0
    return tmp_path


def write(folder: Path, number: int, seconds: int) -> None:
    up, down = f"CREATE TABLE t{number} (id int);", SLOW.format(number, seconds)
    text = f"-- UP Migration\n{up}\n-- DOWN Migration\n{down}\n"
    (folder / f"migrations/2025010{number}000000_t{number}.sql").write_text(text)


def start(folder: Path, *words: str) -> Running:
    return Program(folder).begin("rollback", "--env=staging", *words)


def sleeping(database: Database) -> list[tuple[int]]:
    return database.run(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' "
        "AND query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()"
    )


def tables(database: Database) -> list[str]:
    rows = database.run("SELECT relname FROM pg_class WHERE relname ~ '^t[0-9]$' ORDER BY 1")
    return [row[0] for row in rows]


def applied(database: Database) -> int:
    return len(database.run(LEDGER))


def test_one_that_is_killed_leaves_all_of_its_migration(folder: Path, database: Database) -> None:
    write(folder, 2, 60)
    process = start(folder, "--steps=2")
    wait_until(lambda: sleeping(database))
    process.kill()
    process.communicate()
    wait_until(lambda: not sleeping(database))
    assert (tables(database), applied(database)) == (["t1", "t2"], 2)
    write(folder, 2, 0)
    assert Program(folder)("rollback", "--env=staging", "--to=20250101000000").code == 0
    assert (tables(database), applied(database)) == (["t1"], 1)


def test_two_who_take_back_the_newest_take_back_one(folder: Path, database: Database) -> None:
    write(folder, 3, 2)
    first = start(folder, "--steps=1")
    wait_until(lambda: sleeping(database))
    second = start(folder, "--steps=1")
    said, errors = second.communicate(timeout=60)
    first.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0), errors
    assert "was rolled back by someone else meanwhile" in errors
    assert "0 of 1 rolled back" in said
    assert (tables(database), applied(database)) == (["t1", "t2"], 2)


def test_a_table_in_use_is_named_and_nothing_is_lost(folder: Path, database: Database) -> None:
    (folder / "migrate-hooks.toml").write_text(
        '[apply]\nlock_timeout = "300ms"\nlock_retries = 0\n[environments.staging]\n'
    )
    with closing(database.connect()) as reader:
        reader.execute("BEGIN")
        reader.execute("TABLE t2")
        done = Program(folder)("rollback", "--env=staging", "--steps=2")
    assert done.code == 6, done
    said = " ".join(done.stdout.split())
    assert "migrate-hooks rollback --env=staging --migration=20250102000000" in said
    assert (tables(database), applied(database)) == (["t1", "t2"], 2)


@pytest.mark.parametrize(
    ("when", "state", "stands"), [("before", "failed", True), ("after", "rolled-back", False)]
)
def test_a_cut_at_commit_is_asked_about(
    when: str,
    state: str,
    stands: bool,
    folder: Path,
    database: Database,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = "migrations/20250103000000_t3.sql"
    read = LAYOUT.read(path, (folder / path).read_text())
    entries = reconcile("staging", [read], [])
    planned = plan.make("staging", entries, ApplySettings(), Direction.DOWN)
    target, place = database.target(), tmp_path_factory.mktemp("p")  # a socket's path is short
    parameters = {**target.parameters, "host": str(place)}
    through = replace(target, parameters=parameters, host=str(place))

    def cut(data: bytes) -> str:
        return when if b'DELETE FROM "supabase_migrations"' in data and b"COMMIT" in data else ""

    with Proxy(place, Path(target.host), cut) as proxy, postgres.session(through) as session:
        lookout = Lookout(through, session.backend(), 1, lambda _seen: None)
        ledger = store.by_name("supabase")
        job = Job(session, ledger, ApplySettings(), Voice(), lookout, "run", "tester")
        done = carry_out.run(job, planned)
    assert proxy.was_cut
    assert [step.state for step in done.steps] == [state]
    assert ("t3" in tables(database), applied(database)) == (stands, 2 + stands)
