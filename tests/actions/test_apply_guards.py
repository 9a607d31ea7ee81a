"""What keeps `apply` from the wrong database, the wrong files and the wrong moment, for real."""

import json
import os
import pty
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests import repo as repositories
from tests.databases import Database
from tests.program import Finished, Program
from tests.repo import Repo

CONFIG = """
[environments.dev]
[environments.staging]
[environments.production]
branch = "main"
"""
USERS = "migrations/20250101000000_create_users.sql"
EMAIL = "migrations/20250102000000_add_email.sql"


@dataclass(frozen=True, slots=True)
class World:
    """A repository on branch staging; staging and dev have databases of their own."""

    repo: Repo
    staging: Database
    other: Database

    def __call__(self, *words: str) -> Finished:
        return Program(self.repo.path)("apply", *words)

    def codes(self, *words: str) -> list[str]:
        done = self(*words, "--format=json")
        report: dict[str, Any] = json.loads(done.stdout)
        assert report["exit_code"] == done.code
        return [one["code"] for one in report["findings"] if one["severity"] == "critical"]

    def point(self, environment: str, database: Database) -> None:
        self.repo.write(f".env.{environment}", f"DATABASE_URL={database.url}\n")

    def write(self, path: str, up: str) -> None:
        self.repo.write(path, f"-- UP Migration\n{up}\n-- DOWN Migration\nSELECT 1;\n")


@pytest.fixture
def world(tmp_path: Path, database: Database, second_database: Database) -> World:
    repo = repositories.new(tmp_path / "shop")
    made = World(repo, database, second_database)
    repo.write("migrate-hooks.toml", CONFIG)
    repo.write(".gitignore", ".env.*\n.migrate-hooks\n")
    made.write(USERS, "CREATE TABLE users (id bigint PRIMARY KEY);")
    repo.commit("Start")
    repo.git("branch", "dev")
    repo.git("checkout", "-q", "-b", "staging")
    made.point("staging", database)
    made.point("dev", second_database)
    return made


def has(database: Database, relation: str) -> bool:
    return bool(database.run(f"SELECT to_regclass('{relation}') IS NOT NULL")[0][0])


def test_staging_is_changed_from_its_own_branch_only(world: World) -> None:
    world.repo.git("checkout", "-q", "-b", "feature")
    assert world.codes("--env=staging") == ["guard/branch"]
    assert not has(world.staging, "users")
    assert world("--env=dev").code == 0, "the first environment is where a feature is tried"
    world.repo.git("checkout", "-q", "main")
    assert world.codes("--env=staging") == ["guard/branch"]
    assert world("--env=staging", "--allow=branch").code == 0
    assert has(world.staging, "users")


def test_a_detached_commit_of_the_branch_is_what_ci_has(world: World) -> None:
    world.repo.git("checkout", "-q", "--detach")
    assert world("--env=staging").code == 0
    world.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;")
    world.repo.commit("On no branch")
    assert world.codes("--env=staging") == ["guard/branch"]


def test_the_commit_is_compared_with_what_origin_has(world: World, tmp_path: Path) -> None:
    remote = repositories.new(tmp_path / "remote.git", "--bare")
    world.repo.git("remote", "add", "origin", str(remote.path))
    world.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;")
    world.repo.commit("Email")
    world.repo.git("push", "-q", "origin", "staging")
    world.repo.git("reset", "-q", "--hard", "HEAD~1")
    assert world.codes("--env=staging") == ["guard/behind"]
    assert not has(world.staging, "users")
    world.repo.git("worktree", "add", "-q", "-f", str(tmp_path / "second"), "staging")
    second = replace(world, repo=repositories.Repo(tmp_path / "second"))
    second.point("staging", world.staging)
    assert second.codes("--env=staging") == ["guard/behind"], "a worktree has a branch of its own"
    world.repo.git("merge", "-q", "origin/staging")
    other = "migrations/20250103000000_other.sql"
    world.write(other, "CREATE TABLE other (id bigint PRIMARY KEY);")
    world.repo.commit("Other")
    done = world("--env=staging")
    assert done.code == 0
    assert "origin/staging does not have 20250103000000_other.sql" in done.stdout


def test_what_nobody_else_has_is_tried_in_dev_and_nowhere_else(world: World) -> None:
    world.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;")
    assert world.codes("--env=staging") == ["guard/dirty"]
    world.repo.git("add", EMAIL)
    assert world.codes("--env=staging") == ["guard/dirty"], "staged is not committed"
    exclude = world.repo.path / ".git/info/exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text("migrations/*email.sql\n")
    world.repo.git("rm", "-q", "--cached", EMAIL)
    assert world.codes("--env=staging") == ["guard/dirty"], "ignored is not committed"
    world.repo.git("checkout", "-q", "dev")
    assert world("--env=dev").code == 0
    world.repo.git("checkout", "-q", "staging")
    assert world("--env=staging", "--allow=dirty").code == 0


def test_a_changed_file_that_is_applied_already_is_nobodys_dirt(world: World) -> None:
    assert world("--env=staging").code == 0
    path = world.repo.path / USERS
    path.write_text(path.read_text() + "-- a comment\n")
    world.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;")
    world.repo.git("add", EMAIL)
    world.repo.git("commit", "-q", "-m", "Email", "--", EMAIL)
    assert world("--env=staging").code == 0


def test_the_url_of_another_environment_is_noticed(world: World) -> None:
    assert world("--env=staging").code == 0
    recorded = "SELECT environment, database FROM migrate_hooks.identity"
    assert world.staging.run(recorded) == [("staging", world.staging.name)]
    world.point("dev", world.staging)
    world.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;")
    world.repo.git("checkout", "-q", "dev")
    done = world("--env=dev")
    assert done.code == 1
    assert "This database was recorded as staging" in done.stdout


def test_a_copy_is_told_and_recorded_anew_when_that_is_meant(world: World) -> None:
    assert world("--env=staging").code == 0
    world.staging.run("UPDATE migrate_hooks.identity SET system_identifier = '1'")
    world.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;")
    world.repo.commit("Email")
    assert world.codes("--env=staging") == ["guard/copy"]
    assert world("--env=staging", "--allow=copy").code == 0
    assert world.staging.run("SELECT system_identifier FROM migrate_hooks.identity") != [("1",)]


def production(world: World) -> tuple[str, ...]:
    world.point("production", world.staging)
    world.repo.git("checkout", "-q", "main")
    return "--env=production", "--force", "--yes=production"


def test_production_without_a_backup_is_refused_and_with_one_applied(world: World) -> None:
    words = production(world)
    assert world.codes(*words) == ["guard/backup"]
    assert not has(world.staging, "users")
    done = world(*words, "--backup")
    assert done.code == 0, done
    assert has(world.staging, "users")
    world.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;")
    world.repo.commit("Email")
    assert world(*words).code == 0, "the backup is young enough"


def test_a_stale_backup_is_passed_by_its_name_and_loudly(world: World) -> None:
    done = world(*production(world), "--allow=stale-backup")
    assert done.code == 0, done
    assert "There is no good backup of production" in done.stdout


def test_a_hazard_in_production_is_named_or_refused(world: World) -> None:
    words = (*production(world), "--allow=stale-backup")
    assert world(*words).code == 0
    world.write(EMAIL, "DROP TABLE users;")
    world.repo.commit("Drop")
    assert world.codes(*words) == ["guard/drop-table"]
    assert world(*words, "--allow=drop-column").code == 1
    assert has(world.staging, "users")
    assert world(*words, "--allow=drop-table").code == 0
    assert not has(world.staging, "users")


def test_a_word_that_allows_nothing_is_a_mistake(world: World) -> None:
    done = world("--env=staging", "--allow=everything")
    assert done.code == 2
    assert "drop-table" in done.stderr


@pytest.mark.parametrize(("answer", "code"), [("production", 0), ("staging", 1), ("", 1)])
def test_at_a_terminal_the_name_is_asked_for(world: World, answer: str, code: int) -> None:
    words = production(world)[:2]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*Program.start, "apply", *words, "--allow=stale-backup", "--color=never"],
        cwd=world.repo.path,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    said = ""
    while "Type its name" not in said:
        said += os.read(ours, 4096).decode()
    os.write(ours, f"{answer}\n".encode())
    assert process.wait(timeout=60) == code
    os.close(ours)
    assert process.stdout is not None
    process.stdout.close()
    assert has(world.staging, "users") is (code == 0)


def test_a_dry_run_prints_the_plan_that_a_run_shows(world: World) -> None:
    dry = world("--env=staging", "--dry-run")
    assert not has(world.staging, "users")
    assert not has(world.staging, "migrate_hooks.identity")
    run = world("--env=staging")
    plan = [line for line in run.stderr.splitlines() if line.startswith(("Apply", "  "))]
    assert len(plan) == 4
    for line in plan:
        assert line in dry.stdout.splitlines()


def test_a_dry_run_says_what_would_refuse_the_run(world: World) -> None:
    world.repo.git("checkout", "-q", "main")
    done = world("--env=staging", "--dry-run")
    assert done.code == 0
    assert "A run would be refused as things stand" in done.stdout
    assert "guard/branch" in done.stdout


def test_a_rehearsal_runs_on_the_server_and_leaves_nothing(world: World) -> None:
    world.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;")
    world.repo.commit("Email")
    done = world("--env=staging", "--dry-run=server")
    assert done.code == 0, done
    assert "2 of 2 ran on staging without an error" in done.stdout
    for relation in ("users", "migrate_hooks.history", "supabase_migrations.schema_migrations"):
        assert not has(world.staging, relation)
    world.write(EMAIL, "ALTER TABLE nowhere ADD COLUMN email text;")
    world.repo.commit("Wrong")
    failed = world("--env=staging", "--dry-run=server")
    assert failed.code == 4, failed
    assert "42P01" in failed.stdout
    assert not has(world.staging, "users")


def test_a_rehearsal_tells_a_fault_of_its_own_from_one_of_the_files(world: World) -> None:
    world.write(USERS, "CREATE TYPE mood AS ENUM ('good'); CREATE TABLE users (id mood);")
    world.repo.commit("Mood")
    assert world("--env=staging").code == 0
    world.write(EMAIL, "ALTER TYPE mood ADD VALUE 'bad';")
    world.write("migrations/20250103000000_use.sql", "INSERT INTO users VALUES ('bad');")
    world.repo.commit("Use")
    rehearsed = world("--env=staging", "--dry-run=server")
    assert rehearsed.code == 4, rehearsed
    assert "A run need not meet this" in rehearsed.stdout
    assert world("--env=staging").code == 0


def test_a_rehearsal_is_refused_where_it_could_not_be_taken_back(world: World) -> None:
    assert world.codes(*production(world), "--backup", "--dry-run=server") == ["guard/rehearsal"]
    world.repo.git("checkout", "-q", "staging")
    world.write(EMAIL, "CREATE INDEX CONCURRENTLY ON users (id);")
    world.repo.commit("Index")
    assert world.codes("--env=staging", "--dry-run=server") == ["guard/rehearsal"]
    assert not has(world.staging, "users")


def test_to_applies_up_to_a_version_and_no_further(world: World) -> None:
    world.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;")
    world.repo.commit("Email")
    done = world("--env=staging", "--to=20250101000000")
    assert "1 of 1 applied" in done.stdout, done
    again = world("--env=staging", "--to=create_users")
    assert (again.code, "No pending migrations" in again.stdout) == (0, True)
    assert world("--env=staging", "--to=x", "--migration=y").code == 2


@pytest.mark.parametrize("limit", ["--to=20250101000000", "--migration=20250101000000"])
def test_the_way_on_keeps_to_what_was_asked_for(world: World, limit: str) -> None:
    """A repeated command must not bring more than the one that failed would have."""
    world.write(USERS, "SELECT 1 / 0;")
    world.write(EMAIL, "SELECT 1;")
    world.repo.commit("Wrong")
    done = world("--env=staging", limit)
    assert f"`migrate-hooks apply --env=staging {limit}`" in done.stdout


def test_history_and_log_tell_what_a_run_did(world: World) -> None:
    world.write(EMAIL, "ALTER TABLE nowhere ADD COLUMN email text;")
    world.repo.commit("Wrong")
    done = world("--env=staging")
    assert done.code == 4
    head = world.repo.git("rev-parse", "HEAD")
    rows = world.staging.run(
        "SELECT action, outcome, version, git_commit, transaction_id IS NOT NULL, duration_ms >= 0 "
        "FROM migrate_hooks.history ORDER BY id"
    )
    assert rows == [
        ("apply", "done", "20250101000000", head, True, True),
        ("apply", "failed", "20250102000000", head, False, None),
    ]
    (log,) = Path(os.environ["XDG_STATE_HOME"]).rglob("*.jsonl")
    assert str(log) in done.stdout
    events = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["event"] for one in events] == ["plan", "begin", "end", "begin", "end", "done"]
    assert events[-2]["state"] == "failed"
    assert "does not exist" in events[-2]["failure"]
    assert events[-1]["exit_code"] == 4


def test_sigterm_is_an_interruption_with_a_report(world: World) -> None:
    world.write(EMAIL, "SELECT pg_sleep(60);")
    world.repo.commit("Slow")
    process = Program(world.repo.path).begin("apply", "--env=staging")
    # A connection that asked before may still be there, idle, with the same words.
    asleep = f"""
        SELECT 1 FROM pg_stat_activity
        WHERE query LIKE '%pg_sleep(60)%' AND datname = '{world.staging.name}'
            AND state = 'active' AND pid <> pg_backend_pid()
    """
    deadline = time.monotonic() + 30
    while not world.staging.run(asleep):
        assert time.monotonic() < deadline, "it did not happen"
    process.terminate()
    out = process.communicate(timeout=30)[0]
    assert process.returncode == 130
    assert "nothing of it is applied" in out
    assert "1 applied, 1 failed" in out
