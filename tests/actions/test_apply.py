"""`apply` and `status` as people use them: real processes, real databases."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from migrate_hooks.errors import UnreadableMigrations
from migrate_hooks.outside import files
from tests.databases import Database
from tests.program import Finished, Program

HEAD = "-- UP Migration\n"
USERS = "migrations/20250101000000_create_users.sql"
EMAIL = "migrations/20250102000000_add_email.sql"
PHONE = "migrations/20250103000000_add_phone.sql"


CHAIN = """
[environments.dev]
[environments.staging]
[environments.production]
branch = "main"
max_backup_age = "1000d"
"""
TWICE = ("--force", "--yes=production", "--allow=stale-backup")


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of migrations; staging and production are the same database of this test."""

    folder: Path
    database: Database

    def write(self, path: str, up: str, down: str = "SELECT 1;") -> None:
        text = f"{HEAD}{up}\n-- DOWN Migration\n{down}\n"
        (self.folder / path).write_text(text)

    def __call__(self, *words: str, **rest: Any) -> Finished:
        return Program(self.folder)(*words, **rest)

    def report(self, *words: str) -> dict[str, Any]:
        done = self(*words, "--format=json")
        report: dict[str, Any] = json.loads(done.stdout)
        assert report["exit_code"] == done.code
        return report

    def versions(self) -> list[str]:
        if not self.has("supabase_migrations.schema_migrations"):
            return []
        rows = self.database.run("SELECT version FROM supabase_migrations.schema_migrations")
        return sorted(row[0] for row in rows)

    def has(self, relation: str) -> bool:
        return bool(self.database.run(f"SELECT to_regclass('{relation}') IS NOT NULL")[0][0])


@pytest.fixture
def project(tmp_path: Path, database: Database) -> Project:
    (tmp_path / "migrations").mkdir()
    for name in ("staging", "production"):
        (tmp_path / f".env.{name}").write_text(f"DATABASE_URL={database.url}\n")
    (tmp_path / "migrate-hooks.toml").write_text(CHAIN)
    made = Project(tmp_path, database)
    made.write(USERS, "CREATE TABLE users (id bigint PRIMARY KEY);", "DROP TABLE users;")
    made.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;")
    return made


def test_apply_brings_the_database_forward_and_a_second_run_has_nothing_to_do(
    project: Project,
) -> None:
    done = project("apply", "--env=staging")
    assert done.code == 0, done
    assert "2 of 2 applied to staging" in done.stdout
    assert project.database.name in done.stderr, "the database is named before the first write"
    assert project.versions() == ["20250101000000", "20250102000000"]
    again = project("apply", "--env=staging")
    assert (again.code, "No pending migrations to apply." in again.stdout) == (0, True)


def test_status_tells_applied_pending_and_unknown(project: Project) -> None:
    assert project("apply", "--env=staging", "--migration=create_users").code == 0
    project.database.run(
        "INSERT INTO supabase_migrations.schema_migrations (version) VALUES ('20240101000000')"
    )
    report = project.report("status", "--env=staging")
    assert [(one["version"], one["state"]) for one in report["entries"]] == [
        ("20240101000000", "unknown"),
        ("20250101000000", "applied"),
        ("20250102000000", "pending"),
    ]
    assert report["outcome"] == "clean"
    assert [finding["code"] for finding in report["findings"]] == ["status/unknown"]


def test_status_of_all_says_what_was_not_checked(project: Project) -> None:
    done = project("status", "--all")
    assert done.code == 3
    assert done.stdout.splitlines()[-1].startswith("NOT CHECKED: dev")
    assert "staging: 0 applied, 2 pending" in done.stdout
    assert "clean" not in done.stdout.splitlines()[-1]


def test_production_is_not_touched_until_it_is_said_twice(project: Project) -> None:
    """Must show 5."""
    done = project("apply", "--env=production")
    assert done.code == 1
    for sign in ("protected", project.database.name, "create_users", "add_email", "--force"):
        assert sign in done.stdout
    assert project.versions() == []
    assert not project.has("public.users")
    for once in (TWICE[:1], TWICE[1:], ("--force", "--yes=staging", TWICE[2])):
        assert project("apply", "--env=production", *once).code == 1
        assert not project.has("public.users")
    done = project("apply", "--env=production", *TWICE)
    assert done.code == 0, done
    assert project.has("public.users")


def test_a_dry_run_prints_the_sql_that_would_run_and_touches_nothing(project: Project) -> None:
    done = project("apply", "--env=production", "--dry-run")
    assert done.code == 0
    for sign in (
        "BEGIN ISOLATION",
        "SET LOCAL lock_timeout = '5000ms';",
        "CREATE TABLE users",
        "COMMIT;",
    ):
        assert sign in done.stdout
    assert not project.has("public.users")
    assert not project.has("supabase_migrations.schema_migrations")


def test_a_dry_run_of_a_hostile_name_cannot_break_out_of_its_comment(project: Project) -> None:
    project.write("migrations/20250104000000_x\n; DROP TABLE users; --.sql", "SELECT 1;")
    done = project("apply", "--env=staging", "--dry-run")
    assert "\n; DROP TABLE" not in done.stdout


def test_a_failing_migration_leaves_nothing_and_says_where(project: Project) -> None:
    project.write(
        PHONE,
        "CREATE TABLE phones (id int);\n\n  ALTER TABLE users\n  ADD COLUMN phone nonsense;",
    )
    project.write("migrations/20250104000000_later.sql", "SELECT 1;")
    report = project.report("apply", "--env=staging")
    assert (report["outcome"], report["exit_code"]) == ("failed", 4)
    assert [step["state"] for step in report["steps"]] == [
        "applied",
        "applied",
        "failed",
        "not-run",
    ]
    (finding,) = report["findings"]
    assert finding["place"] == {"path": PHONE, "line": 5, "column": 20}
    assert "42704" in finding["message"]
    assert "Nothing of this file was applied" in finding["hint"]
    assert not project.has("public.phones")
    assert project.versions() == ["20250101000000", "20250102000000"]
    project.write(PHONE, "ALTER TABLE users ADD COLUMN phone text;")
    assert project("apply", "--env=staging").code == 0


def test_an_applied_migration_is_run_again_only_when_forced(project: Project) -> None:
    project("apply", "--env=staging")
    project.database.run("ALTER TABLE users DROP COLUMN email")
    report = project.report("apply", "--env=staging", "--migration=email")
    assert report["exit_code"] == 0
    assert report["findings"][0]["code"] == "apply/already-applied"
    forced = project("apply", "--env=staging", "--migration=email", "--force")
    assert forced.code == 0, forced
    assert project.database.run("SELECT email FROM users") == []
    assert len(project.versions()) == 2


def test_an_ambiguous_name_lists_its_candidates_and_runs_nothing(project: Project) -> None:
    done = project("apply", "--env=staging", "--migration=2025")
    assert done.code == 2
    assert "20250101000000_create_users, 20250102000000_add_email" in done.stderr
    assert project.versions() == []


def test_a_late_file_is_refused_by_name_and_applied_when_forced(project: Project) -> None:
    project("apply", "--env=staging", "--migration=create_users")
    (project.folder / "migrations/20240101000000_late.sql").write_text(f"{HEAD}SELECT 1;\n")
    done = project("apply", "--env=staging")
    assert done.code == 1
    assert "20240101000000_late.sql" in done.stdout
    assert "--allow=out-of-order" in done.stdout
    assert len(project.versions()) == 1
    assert project("apply", "--env=staging", "--force").code == 1, "another word"
    assert project("apply", "--env=staging", "--allow=out-of-order").code == 0
    assert len(project.versions()) == 3


@pytest.mark.parametrize(
    ("up", "code"),
    [
        ("SELECT 1;\nCOMMIT;\nSELECT 2;", "apply/transaction-control"),
        ("\\! touch owned\nSELECT 1;", "apply/psql-only"),
        ("SELECT 1;\nVACUUM;", "apply/not-in-transaction"),
    ],
)
def test_what_cannot_be_run_safely_stops_everything_before_anything_runs(
    project: Project, up: str, code: str
) -> None:
    project.write(PHONE, up)
    report = project.report("apply", "--env=staging")
    assert (report["outcome"], report["findings"][0]["code"]) == ("refused", code)
    assert project.versions() == []
    assert not project.has("public.users"), "not even the good ones before it"


def test_two_files_of_one_version_are_not_taken_for_one_by_status(project: Project) -> None:
    project.write("migrations/20250102000000_other.sql", "SELECT 1;")
    report = project.report("status", "--env=staging")
    assert report["exit_code"] == 1
    assert report["findings"][0]["code"] == "naming/duplicate-version"


def test_a_name_that_is_not_utf8_stops_everything(project: Project) -> None:
    project.write(os.fsdecode(b"migrations/20250104000000_caf\xe9.sql"), "SELECT 1;")
    report = project.report("apply", "--env=staging")
    assert (report["exit_code"], report["outcome"]) == (1, "refused")
    assert "name that is not UTF-8" in report["findings"][0]["message"]
    assert project.versions() == []
    assert project("apply", "--env=staging").code == 1


def test_a_folder_that_may_not_be_read_is_not_an_empty_one(project: Project) -> None:
    folder = project.folder / "migrations"
    folder.chmod(0)
    root = os.geteuid() == 0
    if root:  # for whom permissions are no obstacle
        os.seteuid(65_534)
    try:
        with pytest.raises(UnreadableMigrations):
            files.list_files(project.folder, "migrations")
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)


def test_two_files_of_one_version_stop_everything(project: Project) -> None:
    project.write("migrations/20250102000000_twin.sql", "SELECT 1;")
    report = project.report("apply", "--env=staging")
    assert report["findings"][0]["code"] == "naming/duplicate-version"
    assert project.versions() == []


def test_a_file_with_its_own_begin_and_commit_runs_whole_or_not_at_all(project: Project) -> None:
    project.write(PHONE, "BEGIN;\nCREATE TABLE phones (id int);\nSELECT 1/0;\nCOMMIT;")
    assert project("apply", "--env=staging").code == 4
    assert not project.has("public.phones")
    project.write(PHONE, "BEGIN;\nCREATE TABLE phones (id int);\nCOMMIT;")
    assert project("apply", "--env=staging").code == 0
    assert project.has("public.phones")


def test_what_a_migration_sets_does_not_reach_the_next_one(project: Project) -> None:
    project.database.run("CREATE ROLE nobody_special")
    project.write(
        USERS,
        "CREATE SCHEMA other; CREATE TABLE users (id int);\n"
        "CREATE TEMP TABLE scratch (id int);\n"
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1; LISTEN news;\n"
        "SET search_path = other; SET statement_timeout = '1h'; SET ROLE nobody_special;",
    )
    seen = (
        "current_user::text AS who",
        "to_regclass('pg_temp.scratch') IS NULL AS clean",
        "(SELECT count(*) FROM pg_cursors WHERE is_holdable) AS cursors",
        "(SELECT count(*) FROM pg_listening_channels()) AS channels",
    )
    project.write(EMAIL, f"CREATE TABLE here AS SELECT {', '.join(seen)};")
    try:
        done = project("apply", "--env=staging")
        assert done.code == 0, done
        assert project.database.run("TABLE public.here") == [("postgres", True, 0, 0)]
    finally:
        project.database.run("DROP ROLE nobody_special")


@pytest.mark.parametrize("head", ["", "-- migrate-hooks: no-transaction\n"])
@pytest.mark.parametrize(
    "setting", ["client_encoding = 'LATIN1'", "standard_conforming_strings = off"]
)
def test_what_a_file_sets_for_its_texts_does_not_reach_the_ledger(
    project: Project, head: str, setting: str
) -> None:
    project.write(PHONE, f"{head}SELECT 'ü % \\\\';\nSET {setting};\nSELECT 1;")
    done = project("apply", "--env=staging")
    assert done.code == 0, done
    states = [one["state"] for one in project.report("status", "--env=staging")["entries"]]
    assert states == ["applied"] * 3


def test_a_concurrent_index_runs_outside_a_transaction(project: Project) -> None:
    project.write(
        PHONE,
        "-- migrate-hooks: no-transaction\nCREATE INDEX CONCURRENTLY users_email ON users (email);",
    )
    done = project("apply", "--env=staging")
    assert done.code == 0, done
    assert project.has("public.users_email")
    assert len(project.versions()) == 3


def test_a_failed_concurrent_index_is_removed_before_the_next_try(project: Project) -> None:
    project.write(
        PHONE,
        "-- migrate-hooks: no-transaction\n"
        "CREATE UNIQUE INDEX CONCURRENTLY users_email ON users (email);",
    )
    project("apply", "--env=staging", "--migration=create_users")
    project("apply", "--env=staging", "--migration=email")
    project.database.run("INSERT INTO users VALUES (1, 'a'), (2, 'a')")
    report = project.report("apply", "--env=staging")
    assert (report["outcome"], report["exit_code"]) == ("partial", 5)
    assert "INVALID" in report["findings"][0]["hint"]
    assert len(project.versions()) == 2
    project.database.run("DELETE FROM users WHERE id = 2")
    done = project("apply", "--env=staging")
    assert done.code == 0, done
    assert "removed the INVALID index" in done.stderr
    assert project.database.run(
        "SELECT indisvalid FROM pg_index WHERE indrelid = 'users'::regclass"
        " AND indisunique AND NOT indisprimary"
    ) == [(True,)]


def test_a_supabase_folder_is_applied_and_read_as_its_own_tool_does(
    tmp_path: Path, database: Database
) -> None:
    folder = tmp_path / "supabase/migrations"
    folder.mkdir(parents=True)
    (tmp_path / ".env.staging").write_text(f"DATABASE_URL={database.url}\n")
    (folder / "20250101000000_users.sql").write_text(
        "-- UP Migration\nCREATE TABLE users (id int);\n-- DOWN Migration\n-- DROP TABLE users;\n"
    )
    project = Project(tmp_path, database)
    assert project("apply", "--env=staging").code == 0
    assert project.has("public.users")
    (entry,) = project.report("status", "--env=staging")["entries"]
    assert entry["state"] == "applied"
