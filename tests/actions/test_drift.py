"""`drift` from the command line and from the push gate, on real databases."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from migrate_hooks.actions import drift, drift_read, drift_report
from migrate_hooks.errors import Exit, Refused, Unreachable
from migrate_hooks.model.environment import Target
from migrate_hooks.model.migration import Contents, Migration, Script, Version
from migrate_hooks.model.report import Outcome
from migrate_hooks.outside import embedded, files
from tests.databases import IDLE_SECONDS, Database
from tests.program import Program
from tests.repo import Repo

SCHEMA = """
CREATE TABLE public.customers (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE public.orders (id bigint PRIMARY KEY, customer bigint REFERENCES customers);
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.orders USING (customer = 1);
"""


@pytest.fixture(autouse=True)
def scratch(embedded_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program find the run's own servers, and not start more of them for every test."""
    monkeypatch.setenv(files.CACHE_VARIABLE, str(embedded_folder))
    monkeypatch.setenv(embedded.IDLE_VARIABLE, IDLE_SECONDS)


@pytest.fixture
def dev(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("DATABASE_URL_DEV", database.url)
    database.run(SCHEMA)
    return database


@pytest.fixture
def staging(second_database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("DATABASE_URL_STAGING", second_database.url)
    second_database.run(SCHEMA)
    return second_database


def compare(cli: Program, *words: str) -> tuple[int, dict[str, Any]]:
    code, stdout, _ = cli("drift", "--format=json", *(words or DEV_TO_STAGING))
    return code, json.loads(stdout)


DEV_TO_STAGING = ("--source=dev", "--target=staging")


def test_two_identical_databases_say_so(dev: Database, staging: Database, cli: Program) -> None:
    code, stdout, _ = cli("drift", *DEV_TO_STAGING)
    assert code == 0
    assert "staging and dev have the same schema: 2 tables, 4 columns" in stdout
    assert "1 policy" in stdout
    assert "row security settings" in stdout


def test_a_dropped_table_is_critical(dev: Database, staging: Database, cli: Program) -> None:
    staging.run("DROP TABLE orders")
    code, report = compare(cli)
    assert (code, report["outcome"], report["exit_code"]) == (1, "findings", 1)
    (found,) = report["differences"]
    assert (found["severity"], found["change"]) == ("critical", "missing")
    assert (found["kind"], found["identity"], found["cause"]) == ("table", "public.orders", None)
    (finding,) = report["findings"]
    assert (finding["code"], finding["severity"]) == ("drift/missing-table", "critical")
    assert finding["place"] == {
        "environment": "staging",
        "kind": "table",
        "identity": "public.orders",
    }
    assert "staging" in finding["message"]
    assert finding["hint"].startswith("Create it on staging with a migration")


def test_people_read_each_difference_once_with_what_to_do(
    dev: Database, staging: Database, cli: Program
) -> None:
    staging.run("ALTER TABLE orders DISABLE ROW LEVEL SECURITY")
    code, stdout, _ = cli("drift", *DEV_TO_STAGING)
    assert code == 1
    assert stdout.count("row security public.orders") == 1
    assert "ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY" in stdout
    assert "1 critical" in stdout


def test_warnings_do_not_fail_and_are_listed(
    dev: Database, staging: Database, cli: Program
) -> None:
    staging.run("CREATE TABLE by_hand (id int); CREATE INDEX i ON orders (customer)")
    code, report = compare(cli)
    assert (code, report["outcome"]) == (0, "clean")
    assert {(each["kind"], each["severity"]) for each in report["differences"]} == {
        ("table", "warning"),
        ("index", "warning"),
    }
    assert not any("same schema" in note for note in report["notes"])


def test_neither_database_is_changed(dev: Database, staging: Database, cli: Program) -> None:
    count = "SELECT pg_catalog.pg_current_xact_id_if_assigned(), count(*) FROM pg_catalog.pg_class"
    before = dev.run(count), staging.run(count)
    compare(cli)
    assert (dev.run(count), staging.run(count)) == before


def test_what_is_pending_on_the_target_is_said_before_a_hand_repeats_it(
    dev: Database, staging: Database, repo: Repo, cli: Program
) -> None:
    repo.write("migrations/20260101000000_fresh.sql", "-- Up\nCREATE TABLE fresh (id int);\n")
    assert "pending" not in cli("drift", *DEV_TO_STAGING, cwd=repo.path)[1]
    dev.run("CREATE TABLE fresh (id int)")
    code, stdout, _ = cli("drift", *DEV_TO_STAGING, cwd=repo.path)
    assert code == 1
    assert "1 pending on staging, which may bring what is missing there" in stdout
    assert "migrate-hooks apply --env=staging --dry-run" in stdout


def test_an_only_environment_is_not_told_to_be_compared_with_itself(
    repo: Repo, cli: Program
) -> None:
    repo.write("migrate-hooks.toml", '[environments.dev]\nurl = "embedded"\n')
    _, _, stderr = cli("drift", "--source=dev", "--target=dev", cwd=repo.path)
    assert "Add another environment" in stderr


@pytest.mark.parametrize("name", ["staging", "nowhere"])
def test_the_same_environment_twice_is_refused(name: str, cli: Program) -> None:
    code, report = compare(cli, f"--source={name}", f"--target={name}")
    assert (code, report["outcome"]) == (1, "refused")
    assert f"{name} was to be compared with itself" in report["findings"][0]["message"]


def test_an_unknown_environment_lists_the_known_ones(dev: Database, cli: Program) -> None:
    code, report = compare(cli, "--source=dev", "--target=stagin")
    assert code == 2
    assert "Did you mean staging?" in report["findings"][0]["message"]
    assert "dev, staging, production" in report["findings"][0]["hint"]


def test_two_names_of_one_database_are_refused(
    dev: Database, monkeypatch: pytest.MonkeyPatch, cli: Program
) -> None:
    monkeypatch.setenv("DATABASE_URL_STAGING", dev.url + "?application_name=another")
    code, report = compare(cli)
    assert (code, report["outcome"]) == (1, "refused")
    assert "dev and staging are the same database" in report["findings"][0]["message"]
    assert "DATABASE_URL_STAGING" in report["findings"][0]["hint"]


def test_an_unreachable_database_is_not_checked_and_never_clean(
    dev: Database, monkeypatch: pytest.MonkeyPatch, cli: Program
) -> None:
    monkeypatch.setenv("DATABASE_URL_STAGING", "postgresql://u@127.0.0.1:1/d")
    code, report = compare(cli)
    assert (code, report["outcome"]) == (3, "unchecked")
    code, stdout, stderr = cli("drift", *DEV_TO_STAGING)
    assert code == 3
    assert "NOT CHECKED" in stdout + stderr
    assert "clean" not in stdout + stderr


def test_a_kind_that_cannot_be_read_keeps_the_run_from_being_clean(
    dev: Database, staging: Database
) -> None:
    for database in (dev, staging):
        database.run("CREATE VIEW busy AS SELECT 1 AS one")
    with staging.connect() as other:
        other.execute("BEGIN; LOCK TABLE busy IN ACCESS EXCLUSIVE MODE")
        found = between(dev.target("dev"), staging.target(), {"public"})
        other.execute("ROLLBACK")
    assert [each.kind for each in found.differences if each.kind != "owner"] == []
    report = drift_report.report(found)
    assert (report.outcome, report.exit_code) == (Outcome.UNCHECKED, Exit.UNCHECKED)
    told = "NOT CHECKED: views of staging, busy and so partial (public.busy: another session holds"
    assert any(each.startswith(told) for each in report.notes)
    assert not any("same schema" in each for each in report.notes)


def test_hostile_names_reach_neither_terminal_nor_server(
    dev: Database, staging: Database, cli: Program
) -> None:
    dev.run('CREATE TABLE "a\x1b[2J\n""; DROP TABLE orders; --" (id int)')
    code, stdout, _ = cli("drift", *DEV_TO_STAGING)
    assert code == 1
    assert "\x1b[2J" not in stdout
    assert r"\x1b[2J" in stdout
    assert dev.run("SELECT count(*) FROM orders") == [(0,)]


def between(
    one: Target, other: Target, exposed: set[str], waiting: Sequence[Migration] = ()
) -> drift_report.Comparison:
    return drift.between(*drift_read.both(one, other), exposed, waiting)


def pending(name: str, sql: str) -> Migration:
    script = Script((), in_transaction=True, text=sql)
    version = Version((20260101000000,), "20260101000000")
    return Migration(version, name, f"{name}.sql", lambda: Contents(script, None, "00"))


def test_what_a_pending_migration_explains_is_listed_and_does_not_count(
    dev: Database, staging: Database
) -> None:
    dev.run("CREATE TABLE fresh (id serial PRIMARY KEY); ALTER TABLE orders ADD note text")
    dev.run("CREATE TABLE by_hand (id int)")
    waiting = [
        pending("fresh", "CREATE TABLE fresh (id serial PRIMARY KEY)"),
        pending("note", "ALTER TABLE public.orders ADD note text"),
    ]
    found = between(dev.target("dev"), staging.target(), {"public"}, waiting)
    causes = {each.identity[-1]: each.cause for each in found.differences}
    assert causes == {
        "fresh": "pending 20260101000000_fresh",
        "note": "pending 20260101000000_note",
        "by_hand": None,
    }
    assert [each.code for each in found.findings] == ["drift/missing-table"]
    assert drift_report.report(found).exit_code == Exit.FINDINGS
    staging.run("CREATE TABLE by_hand (id int)")
    found = between(dev.target("dev"), staging.target(), {"public"}, waiting)
    assert drift_report.report(found).exit_code == Exit.CLEAN
    assert any("2 of the differences" in each for each in drift_report.report(found).notes)


def test_a_pending_file_that_is_no_sql_explains_nothing_and_is_named(
    dev: Database, staging: Database
) -> None:
    dev.run("CREATE TABLE fresh (id int)")
    broken = pending("broken", "CREATE TABLE fresh (id int")
    found = between(dev.target("dev"), staging.target(), {"public"}, [broken])
    assert [each.cause for each in found.differences] == [None]
    assert "20260101000000_broken could not be parsed" in found.notes[0]


def test_the_gate_gets_the_refusal_and_the_failure_as_they_are(dev: Database) -> None:
    with pytest.raises(Refused):
        between(dev.target("dev"), dev.target("staging"), {"public"})
    gone = Database("gone", {**dev.parameters, "dbname": "gone"})
    with pytest.raises(Unreachable):
        drift_read.both(dev.target("dev"), gone.target(), connect_timeout=3)
