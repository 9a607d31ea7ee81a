"""`verify` as a monitor runs it: real processes, real databases, every check told."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from migrate_hooks.registry import member_names
from tests.databases import Database
from tests.program import Program

USERS, EMAIL = "20250101000000_create_users.sql", "20250102000000_add_email.sql"


class Checked(Program):
    """The program in a folder with two migrations; staging is the test's own database."""

    def verify(self, *words: str, url: str = "") -> dict[str, Any]:
        env = {"DATABASE_URL_STAGING": url} if url else {}
        done = self("verify", "--env=staging", *words, "--format=json", env=env)
        report: dict[str, Any] = json.loads(done.stdout)
        assert report["exit_code"] == done.code
        return report

    def codes(self, *words: str) -> list[tuple[str, str]]:
        return [(one["code"], one["severity"]) for one in self.verify(*words)["findings"]]


def results(report: dict[str, Any]) -> dict[str, str]:
    return {row[0].removeprefix("verify/"): row[1] for row in report["tables"][0]["rows"]}


@pytest.fixture
def program(tmp_path: Path, database: Database) -> Checked:
    folder = tmp_path / "migrations"
    folder.mkdir()
    texts = {USERS: "CREATE TABLE users (id bigint);", EMAIL: "ALTER TABLE users ADD email text;"}
    for name, up in texts.items():
        (folder / name).write_text(f"-- UP Migration\n{up}\n-- DOWN Migration\nSELECT 1;\n")
    (tmp_path / "migrate-hooks.toml").write_text("[environments.staging]\n")
    (tmp_path / ".env.staging").write_text(f"DATABASE_URL={database.url}\n")
    return Checked(tmp_path)


@pytest.fixture
def applied(program: Checked) -> Checked:
    assert program("apply", "--env=staging").code == 0
    return program


def test_every_check_is_listed_when_all_is_well(applied: Checked) -> None:
    report = applied.verify("--expect-current")
    assert (report["outcome"], report["exit_code"], report["findings"]) == ("clean", 0, [])
    members = {one.replace("_", "-") for one in member_names("migrate_hooks.schema.checks")}
    found = results(report)
    assert found.keys() == {"connection", "ledger", "identity", "progress", *members}
    assert set(found.values()) == {"ok"}


def test_pending_is_told_and_counts_only_when_it_is_not_expected(program: Checked) -> None:
    assert program("apply", "--env=staging", "--to=20250101000000").code == 0
    report = program.verify()
    assert (report["exit_code"], report["notes"][-1][:20]) == (0, "1 pending on staging")
    assert program.codes("--expect-current") == [("verify/pending", "critical")]


def test_what_ledger_and_files_do_not_share_is_critical(
    applied: Checked, database: Database
) -> None:
    database.run(
        "UPDATE supabase_migrations.schema_migrations SET statements = '{SELECT 2}'"
        " WHERE version = '20250102000000';"
        "INSERT INTO supabase_migrations.schema_migrations (version) VALUES ('20250103000000')"
    )
    late = applied.folder / "migrations" / "20250101120000_late.sql"
    late.write_text("-- UP Migration\nSELECT 1;\n-- DOWN Migration\nSELECT 1;\n")
    assert sorted(applied.codes()) == [
        ("verify/changed", "critical"),
        ("verify/out-of-order", "critical"),
        ("verify/unknown", "critical"),
    ]


def test_a_failed_row_of_our_own_ledger_is_critical(program: Checked, database: Database) -> None:
    text = 'ledger = "own"\n[environments.staging]\n'
    (program.folder / "migrate-hooks.toml").write_text(text)
    assert program("apply", "--env=staging").code == 0
    database.run("UPDATE migrate_hooks.ledger SET outcome = 'failed' WHERE version LIKE '%2000000'")
    assert program.codes() == [("verify/failed", "critical")]


def test_what_stopped_halfway_says_how_to_go_on(applied: Checked, database: Database) -> None:
    database.run(
        "INSERT INTO migrate_hooks.progress"
        " (version, direction, checksum, statements_done, running)"
        " VALUES ('20250103000000', 'up', 'x', 1, true)"
    )
    report = applied.verify()
    (finding,) = report["findings"]
    assert (finding["code"], results(report)["progress"]) == ("verify/unfinished", "1 critical")
    assert "Statement 2 was under way" in finding["message"]
    assert "repair --env=staging" in finding["hint"]


def test_a_database_of_another_environment_and_a_copy_are_told(
    applied: Checked, database: Database
) -> None:
    database.run("UPDATE migrate_hooks.identity SET database = 'elsewhere'")
    assert applied.codes() == [("verify/copy", "critical")]
    database.run("UPDATE migrate_hooks.identity SET environment = 'production'")
    report = applied.verify()
    assert [one["code"] for one in report["findings"]] == ["verify/identity"]
    assert "--adopt-identity" in report["findings"][0]["hint"]


def test_a_silent_database_is_not_checked_and_never_clean(program: Checked) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    report = program.verify(url=nowhere)
    assert (report["outcome"], report["exit_code"]) == ("unchecked", 3)
    assert set(results(report).values()) == {"not checked"}
    said = program("verify", "--env=staging", env={"DATABASE_URL_STAGING": nowhere})
    assert "NOT CHECKED: " in said.stdout
    assert "clean" not in said.stdout


@contextmanager
def watcher(database: Database, *grants: str) -> Iterator[str]:
    """The URL of a role with those grants and nothing else."""
    role = f"watcher_{database.name}"
    database.run(f"CREATE ROLE {role} LOGIN")
    try:
        for grant in grants:
            database.run(f"GRANT {grant} TO {role}")
        yield database.url.replace("postgres@", f"{role}@")
    finally:
        database.run(f"DROP OWNED BY {role}")
        database.run(f"DROP ROLE {role}")


def test_a_role_without_grants_is_told_what_was_not_checked(
    applied: Checked, database: Database
) -> None:
    with watcher(database) as url:
        report = applied.verify(url=url)
    assert (report["outcome"], report["exit_code"]) == ("unchecked", 3)
    unseen = [name for name, said in results(report).items() if said == "not checked"]
    assert unseen == ["ledger", "identity", "progress"]
    assert all("GRANT" in one["hint"] for one in report["findings"])


def test_a_role_that_may_only_read_is_enough(applied: Checked, database: Database) -> None:
    grants = (
        "pg_monitor",
        "USAGE ON SCHEMA migrate_hooks, supabase_migrations",
        "SELECT ON ALL TABLES IN SCHEMA migrate_hooks, supabase_migrations",
    )
    with watcher(database, *grants) as url:
        assert applied.verify(url=url)["exit_code"] == 0


def test_a_database_that_takes_no_writes_is_checked_too(
    applied: Checked, database: Database
) -> None:
    database.run(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")
    assert applied.verify()["exit_code"] == 0


def test_nothing_is_changed(applied: Checked, database: Database) -> None:
    rows = "SELECT version, statements, name FROM supabase_migrations.schema_migrations ORDER BY 1"
    tables = "SELECT oid, relname FROM pg_class WHERE oid >= 16384 ORDER BY 1"
    before = [database.run(sql) for sql in (rows, tables)]
    applied.verify()
    assert [database.run(sql) for sql in (rows, tables)] == before


def test_another_ledger_than_expected_is_a_finding_and_the_rest_is_checked(
    applied: Checked, database: Database
) -> None:
    database.run(
        "TRUNCATE supabase_migrations.schema_migrations; CREATE TABLE _prisma_migrations"
        " (id text, checksum text, finished_at timestamptz, migration_name text, logs text,"
        " rolled_back_at timestamptz, started_at timestamptz, applied_steps_count int);"
        "INSERT INTO _prisma_migrations VALUES ('1', 'x', now(), 'a', NULL, NULL, now(), 1)"
    )
    report = applied.verify()
    assert [one["code"] for one in report["findings"]] == ["verify/ledger"]
    assert results(report)["sequence-end"] == "ok"
