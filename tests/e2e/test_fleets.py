"""An environment that stands for many databases: status, waves, a canary, shards, kill -9."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from migrate_hooks.outside.files import CACHE_VARIABLE
from tests.databases import Database, make, remove_servers, start
from tests.program import Program
from tests.repo import Repo
from tests.waiting import wait_until

CONFIG = """
[environments.tenants]
branch = "main"
{more}databases = {{ query = "{query}" }}
"""
QUERY = "SELECT datname::text FROM pg_catalog.pg_database WHERE datname LIKE '{prefix}_t%'"
FIRST = """\
-- UP
CREATE TABLE marks (n int);
INSERT INTO marks VALUES (1);
-- DOWN
DROP TABLE marks;
"""


@dataclass(frozen=True, slots=True)
class Tenants:
    """A project whose environment stands for databases that are called after `home`."""

    repo: Repo
    home: Database
    program: Program
    names: tuple[str, ...]

    def configure(self, more: str = "", query: str = "") -> None:
        text = CONFIG.format(more=more, query=query or QUERY.format(prefix=self.home.name))
        self.repo.write("migrate-hooks.toml", text)

    def one(self, number: int) -> Database:
        name = self.names[number]
        return Database(name, {**self.home.parameters, "dbname": name})

    def json(self, *words: str) -> dict[str, object]:
        done = self.program(*words, "--format=json")
        return {"code": done.code, **json.loads(done.stdout)}

    def states(self, *words: str) -> dict[str, str]:
        """Return {database: state} of a report."""
        tables = self.json(*words)["tables"]
        assert isinstance(tables, list)
        rows = tables[-1]["rows"] if tables else []
        return {row[0].partition("/")[2]: row[-1] for row in rows}


def create(home: Database, names: Sequence[str]) -> None:
    """Make databases, several at once: that is most of what they cost."""

    def some(mine: Sequence[str]) -> None:
        words = psycopg.conninfo.make_conninfo(**{**home.parameters, "dbname": "postgres"})
        with closing(psycopg.connect(words, autocommit=True)) as connection:
            for name in mine:
                connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(some, (names[start::4] for start in range(4))))


Maker = Callable[[int], Tenants]


@pytest.fixture
def tenants(embedded_folder: Path, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Maker:
    """Makes a project with that many databases, and one migration for all of them.

    They have a server of their own, which goes as a whole: to drop one takes a third of a second.
    """
    folder = embedded_folder / f"fleet-{os.getpid()}"
    server = start(folder, 18)
    home = make(server, "fleet")
    home.run("ALTER SYSTEM SET fsync = off")
    home.run("SELECT pg_reload_conf()")

    def build(count: int) -> Tenants:
        names = tuple(f"{home.name}_t{number:03}" for number in range(count))
        create(home, names)
        found = Tenants(repo, home, Program(repo.path), names)
        found.configure()
        repo.write("migrations/20260101000000_marks.sql", FIRST)
        repo.commit()
        monkeypatch.setenv("DATABASE_URL_TENANTS", home.url)
        monkeypatch.setenv(CACHE_VARIABLE, str(embedded_folder))
        return found

    return build


@pytest.fixture(scope="module", autouse=True)
def _gone_at_once(embedded_folder: Path) -> Iterator[None]:
    """Give the room of hundreds of databases back as soon as the last test here is done."""
    yield
    remove_servers(embedded_folder / f"fleet-{os.getpid()}")


def test_a_rollout_reaches_all_and_tells_it_once(tenants: Maker) -> None:
    fleet = tenants(5)
    done = fleet.program("apply", "--env=tenants", "--wave=3")
    assert done.code == 0, done
    assert "wave 1 of 3: 1 database, the canary" in done.stderr
    assert "tenants (5 databases): 5 applied." in done.stdout
    status = fleet.program("status", "--env=tenants")
    assert (status.code, status.stdout.count("up to date")) == (0, 2), status.stdout
    assert set(fleet.states("status", "--env=tenants").values()) == {"up to date"}
    again = fleet.program("apply", "--env=tenants")
    assert (again.code, "No pending migrations to apply." in again.stdout) == (0, True)


def test_a_bad_canary_ends_everything(tenants: Maker) -> None:
    """The first database cannot take the migration: no other one is touched."""
    fleet = tenants(4)
    fleet.one(0).run("CREATE TABLE marks (other int)")
    done = fleet.program("apply", "--env=tenants", "--stop-after=3")
    assert done.code == 4, done
    assert f"tenants/{fleet.names[0]}" in done.stdout
    assert "already exists" in done.stdout
    assert "go on without: migrate-hooks apply --env=tenants --canary=0" in done.stdout
    assert fleet.states("status", "--env=tenants") == dict.fromkeys(fleet.names, "pending")
    without = fleet.program("apply", "--env=tenants", "--canary=0", "--stop-after=2")
    assert (without.code, "1 failed" in without.stdout) == (5, True), without
    assert "3 applied" in without.stdout, without


def test_failures_end_it_at_the_threshold_and_it_goes_on_where_it_stopped(tenants: Maker) -> None:
    fleet = tenants(8)
    for number in (2, 3):
        fleet.one(number).run("CREATE TABLE marks (other int)")
    done = fleet.program(
        "apply", "--env=tenants", "--stop-after=2", "--parallel=1", "--wave=100", "--format=json"
    )
    assert done.code == 5
    report = json.loads(done.stdout)
    states = [row[1] for row in report["tables"][-1]["rows"]]
    assert sorted(states) == sorted(["failed"] * 2 + ["applied"] * 2 + ["not begun"] * 4)
    said = [one["message"] for one in report["findings"] if "already exists" in one["message"]]
    assert len(said) == 1, "the same failure is told once"
    assert f"The same goes for tenants/{fleet.names[3]}" in said[0]
    for number in (2, 3):
        fleet.one(number).run("DROP TABLE marks")
    assert fleet.program("apply", "--env=tenants").code == 0
    assert set(fleet.states("status", "--env=tenants").values()) == {"up to date"}


def test_shards_share_the_work_out_whole(tenants: Maker) -> None:
    """Three machines together reach every database, and none twice."""
    fleet = tenants(9)
    reached: list[str] = []
    for shard in ("1/3", "2/3", "3/3"):
        states = fleet.states("apply", "--env=tenants", f"--shard={shard}")
        assert set(states.values()) == {"applied"}
        reached += states
    assert sorted(reached) == sorted(fleet.names)
    assert fleet.program("apply", "--env=tenants", "--shard=4/3").code == 2


def test_one_of_many_is_an_environment_for_every_command(tenants: Maker) -> None:
    fleet = tenants(2)
    name = f"--env=tenants/{fleet.names[1]}"
    assert fleet.program("apply", name).code == 0
    assert set(fleet.states("status", "--env=tenants").values()) == {"up to date", "pending"}
    assert fleet.program("rollback", name, "--steps=1").code == 0
    assert set(fleet.states("status", "--env=tenants").values()) == {"pending"}
    where = fleet.program("where")
    assert where.code == 0, where
    assert f"Of tenants only the first was asked, tenants/{fleet.names[0]}" in where.stdout
    checked = fleet.program("env", "check", "tenants")
    assert f"asked is the first of 2: tenants/{fleet.names[0]}" in checked.stdout
    stranger = fleet.program("apply", "--env=tenants/postgres")
    assert stranger.code == 2
    assert "'postgres' is no database of tenants" in stranger.stdout + stranger.stderr
    many = fleet.program("rollback", "--env=tenants")
    assert many.code == 2
    assert "stands for many databases" in many.stdout + many.stderr


def test_a_protected_fleet_wants_two_words_once(tenants: Maker) -> None:
    fleet = tenants(3)
    fleet.configure('protected = true\nmax_backup_age = "0s"\n')
    fleet.repo.commit()
    words = ("apply", "--env=tenants", "--allow=stale-backup")
    refused = fleet.program(*words)
    assert (refused.code, "tenants (3 databases) is protected" in refused.stdout) == (1, True)
    assert fleet.program(*words, "--force").code == 1
    assert fleet.program(*words, "--force", f"--yes={fleet.names[0]}").code == 1
    assert set(fleet.states("status", "--env=tenants").values()) == {"pending"}
    done = fleet.program(*words, "--force", "--yes=tenants")
    assert done.code == 0, done
    assert set(fleet.states("status", "--env=tenants").values()) == {"up to date"}


def test_a_database_that_is_not_there_is_never_called_up_to_date(tenants: Maker) -> None:
    fleet = tenants(2)
    missing = f"{fleet.home.name}_t999"
    query = f"VALUES ('{fleet.names[0]}'), ('{fleet.names[1]}'), ('{missing}')"
    fleet.configure(query=query)
    fleet.repo.commit()
    status = fleet.json("status", "--env=tenants")
    assert (status["code"], status["outcome"]) == (3, "unchecked")
    done = fleet.program("apply", "--env=tenants")
    assert (done.code, "Nothing was applied" in done.stdout) == (3, True)
    partly = fleet.states("apply", "--env=tenants", "--stop-after=2")
    assert partly[missing] == "NOT CHECKED"
    assert [partly[name] for name in fleet.names] == ["applied", "applied"]


@pytest.mark.parametrize(
    ("databases", "said"),
    [
        ('{ query = "SELECT 1 WHERE false" }', "names none"),
        ("{ query = \"VALUES ('a'), ('a')\" }", "more than once"),
        ('{ query = "SELECT 1" }', "must return one column of names"),
        ('{ query = "CREATE TABLE evil ()" }', "not one SELECT"),
        ("{ query = \"SELECT 'a'; DROP TABLE x\" }", "not one SELECT"),
        (
            '{ query = "WITH x AS (DELETE FROM pg_class RETURNING relname::text) TABLE x" }',
            "failed",
        ),
        ('{ file = "../../../../etc/passwd" }', "leads out of the repository"),
        ('{ file = "none.txt" }', "cannot be read"),
        ('{ file = "nul.txt" }', "no text in UTF-8"),
        ('{ env = "TENANT_URLS" }', "TENANT_URLS holds the databases of tenants"),
        ('{ env = "postgresql://user:canary-7@host/db" }', "connection string"),
        ('{ query = "SELECT 1", file = "x" }', "must be a table with one of"),
    ],
)
def test_what_names_no_databases_is_refused(tenants: Maker, databases: str, said: str) -> None:
    fleet = tenants(0)
    text = f'[environments.tenants]\nbranch = "main"\ndatabases = {databases}\n'
    fleet.repo.write("migrate-hooks.toml", text)
    fleet.repo.write("nul.txt", "a\0b\n")
    done = fleet.program("status", "--env=tenants")
    assert done.code in (1, 2), done
    assert said in done.stdout + done.stderr
    assert "canary-7" not in done.stdout + done.stderr


def test_names_of_a_file_and_dsns_of_a_variable(
    tenants: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hostile names are names; two hosts may have a database of one name."""
    fleet = tenants(0)
    hostile = ['a "b"', "host=evil.example dbname=x", "postgresql://evil.example/x", "ünï"]
    hostile = [f"{fleet.home.name} {one}" for one in hostile]
    quoted = [one.replace('"', '""') for one in hostile]
    words = psycopg.conninfo.make_conninfo(**{**fleet.home.parameters, "dbname": "postgres"})
    with closing(psycopg.connect(words, autocommit=True)) as connection:
        for name in quoted:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
    text = '[environments.tenants]\nbranch = "main"\ndatabases = {file = "tenants.txt"}\n'
    fleet.repo.write("migrate-hooks.toml", text)
    fleet.repo.write("tenants.txt", "# ours\n\n" + "\n".join(hostile) + "\n")
    fleet.repo.commit()
    assert fleet.states("apply", "--env=tenants") == dict.fromkeys(hostile, "applied")
    text = '[environments.tenants]\nbranch = "main"\ndatabases = {env = "TENANT_URLS"}\n'
    fleet.repo.write("migrate-hooks.toml", text)
    fleet.repo.commit()
    monkeypatch.setenv("TENANT_URLS", f"{fleet.home.url}\n{fleet.home.url}?sslmode=disable")
    refused = fleet.program("status", "--env=tenants")
    assert (refused.code, "more than once" in refused.stdout + refused.stderr) == (1, True)
    monkeypatch.setenv("TENANT_URLS", f"  {fleet.home.url}\n")
    assert fleet.states("status", "--env=tenants") == {fleet.home.name: "pending"}


def test_drift_judges_once_what_is_alike(tenants: Maker) -> None:
    """Two were changed by hand in one way, one is gone: each is told once, with all names."""
    fleet = tenants(6)
    assert fleet.program("apply", "--env=tenants").code == 0
    alike = fleet.program("drift", "--env=tenants")
    assert (alike.code, "tenants (6 databases), all alike:" in alike.stdout) == (0, True), (
        alike.stdout
    )
    for number in (2, 4):
        fleet.one(number).run("ALTER TABLE marks ALTER COLUMN n TYPE bigint")
    report = fleet.json("drift", "--env=tenants")
    findings = report["findings"]
    assert isinstance(findings, list)
    assert (report["code"], [one["code"] for one in findings]) == (1, ["drift/changed-column"])
    assert f"The same goes for tenants/{fleet.names[4]}" in findings[0]["message"]
    states = fleet.states("drift", "--env=tenants")
    assert sorted(states.values()) == ["1 difference"] * 2 + ["the same"] * 4
    first = f"--source=tenants/{fleet.names[0]}"
    beside = fleet.states("drift", first, "--target=tenants")
    assert sorted(beside.values()) == ["1 difference"] * 2 + ["the same"] * 3


def test_ctrl_c_finishes_what_is_under_way(tenants: Maker) -> None:
    fleet = tenants(6)
    slow = FIRST.replace("-- DOWN", "SELECT pg_sleep(2);\n-- DOWN")
    fleet.repo.write("migrations/20260101000000_marks.sql", slow)
    fleet.repo.commit()
    assert fleet.program("apply", f"--env=tenants/{fleet.names[0]}").code == 0
    running = subprocess.Popen(
        [*fleet.program.start, "apply", "--env=tenants", "--canary=2", "--parallel=2",
         "--format=json"],
        cwd=fleet.repo.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    busy = f"SELECT count(*) FROM pg_stat_activity WHERE datname LIKE '{fleet.home.name}_t%' "
    busy += "AND state = 'active' AND query LIKE '%pg_sleep%'"
    wait_until(lambda: fleet.home.run(busy) == [(2,)])
    running.send_signal(signal.SIGINT)
    printed, said = running.communicate(timeout=60)
    assert running.returncode == 130, printed
    assert "nothing new is begun" in said
    states = [row[1] for row in json.loads(printed)["tables"][-1]["rows"]]
    assert sorted(states) == ["applied"] * 2 + ["not begun"] * 3 + ["up to date"]


def test_killed_in_the_middle_and_resumed(tenants: Maker) -> None:
    """Must show 5, with 60; `benchmarks/fleets.py` does it with 500: all equal, each ran once."""
    fleet = tenants(60)
    words = ["apply", "--env=tenants", "--wave=500", "--parallel=2"]
    running = subprocess.Popen(
        [*fleet.program.start, *words],
        cwd=fleet.repo.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: has_table(fleet.one(12)))
    running.kill()
    running.wait()
    before = list(fleet.states("status", "--env=tenants").values())
    assert 10 < before.count("up to date") < 55, "it was in the middle"
    assert fleet.program(*words).code == 0
    assert list(fleet.states("status", "--env=tenants").values()) == ["up to date"] * 60
    found = set(map(standing, map(fleet.one, range(60))))
    assert found == {((1,), 1)}, "each has the one row, and the one row of the ledger"


def has_table(one: Database) -> bool:
    return one.run("SELECT to_regclass('marks') IS NOT NULL") == [(True,)]


def standing(one: Database) -> tuple[tuple[int, ...], int]:
    with closing(one.connect()) as connection:
        marks = connection.execute("SELECT n FROM marks").fetchall()
        rows = connection.execute(
            "SELECT count(*) FROM supabase_migrations.schema_migrations"
        ).fetchone()
    assert rows
    return tuple(row[0] for row in marks), rows[0]
