"""`rollback` as people use it: real repositories and databases, and what is left behind."""

import json
from dataclasses import dataclass
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
PHONE = "migrations/20250103000000_add_phone.sql"
HISTORY = "SELECT action, outcome, version FROM migrate_hooks.history ORDER BY id"


@dataclass(frozen=True, slots=True)
class Project:
    """A repository on branch staging with three migrations, applied to the test's database."""

    repo: Repo
    database: Database

    def write(self, path: str, up: str, down: str | None) -> None:
        back = "" if down is None else f"-- DOWN Migration\n{down}\n"
        self.repo.write(path, f"-- UP Migration\n{up}\n{back}")

    def __call__(self, *words: str) -> Finished:
        return Program(self.repo.path)("rollback", "--env=staging", *words)

    def apply(self) -> None:
        self.repo.commit()
        done = Program(self.repo.path)("apply", "--env=staging")
        assert done.code == 0, done

    def codes(self, *words: str) -> list[str]:
        done = self(*words, "--format=json")
        report: dict[str, Any] = json.loads(done.stdout)
        assert report["exit_code"] == done.code
        return [one["code"] for one in report["findings"] if one["severity"] == "critical"]

    def versions(self) -> list[str]:
        rows = self.database.run("SELECT version FROM supabase_migrations.schema_migrations")
        return sorted(row[0][:8] for row in rows)

    def columns(self) -> list[str]:
        rows = self.database.run(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass('users') AND attnum > 0 "
            "AND NOT attisdropped ORDER BY attnum"
        )
        return [row[0] for row in rows]


@pytest.fixture
def project(tmp_path: Path, database: Database) -> Project:
    repo = repositories.new(tmp_path / "shop")
    made = Project(repo, database)
    repo.write("migrate-hooks.toml", CONFIG)
    repo.write(".gitignore", ".env.*\n.migrate-hooks\n")
    for environment in ("staging", "production"):
        repo.write(f".env.{environment}", f"DATABASE_URL={database.url}\n")
    made.write(USERS, "CREATE TABLE users (id bigint PRIMARY KEY);", "DROP TABLE users;")
    for path, column in ((EMAIL, "email"), (PHONE, "phone")):
        up = f"ALTER TABLE users ADD COLUMN {column} text;"
        made.write(path, up, f"ALTER TABLE users DROP COLUMN {column};")
    repo.commit("Start")
    repo.git("checkout", "-q", "-b", "staging")
    made.apply()
    return made


def test_a_rollback_from_another_branch_is_refused_by_name(project: Project) -> None:
    project.repo.git("checkout", "-q", "-b", "feature")
    before = project.versions()
    assert project.codes("--steps=1") == ["guard/branch"]
    assert project.versions() == before


def test_the_newest_goes_with_its_ledger_row_and_stays_in_the_history(project: Project) -> None:
    done = project("--steps=1")
    assert done.code == 0, done
    assert (project.columns(), project.versions()) == (["id", "email"], ["20250101", "20250102"])
    assert "1 of 1 rolled back in staging." in done.stdout
    assert f"{Path(EMAIL).name} is the newest of 2 applied, 1 pending." in done.stdout
    assert "migrate-hooks apply --env=staging" in done.stdout
    assert project.database.name in done.stderr, "the database is named before the first write"
    assert project.database.run(HISTORY)[-2:] == [
        ("apply", "done", "20250103000000"),
        ("rollback", "done", "20250103000000"),
    ]
    project.apply()
    assert project.columns() == ["id", "email", "phone"], "what was taken back is pending again"


def test_a_dry_run_shows_the_plan_and_touches_nothing(project: Project) -> None:
    done = project("--to=20250101000000", "--dry-run")
    assert done.code == 0
    for sign in ("Roll back 2 migrations", "DROP COLUMN phone;", "ledger row gone: 20250103000000"):
        assert sign in done.stdout
    assert done.stdout.index("DROP COLUMN phone") < done.stdout.index("DROP COLUMN email")
    on_server = project("--to=create_users", "--dry-run=server")
    assert "2 of 2 ran on staging without an error" in on_server.stdout, on_server
    assert (len(project.versions()), len(project.columns())) == (3, 3)
    assert ("rollback",) not in project.database.run("SELECT action FROM migrate_hooks.history")


def test_who_says_nothing_is_asked_and_nothing_happens(project: Project) -> None:
    done = project()
    assert done.code == 2
    for sign in (Path(USERS).name, Path(PHONE).name, "rollback --env=staging --steps=1 --dry-run"):
        assert sign in done.stderr
    for words in (("--steps=0",), ("--steps=4",), ("--steps=1", "--to=20250101000000")):
        assert project(*words).code == 2
    assert len(project.versions()) == 3
    assert project("--to=add_phone").code == 0, "nothing is newer, so nothing is to be done"


def test_all_that_is_chosen_has_a_way_back_or_none_goes(project: Project) -> None:
    project.write(PHONE, "ALTER TABLE users ADD COLUMN phone text;", "SELECT 1;")
    project.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;", None)
    project.repo.commit()
    done = project("--steps=2")
    assert done.code == 1
    assert f"{EMAIL} has no DOWN" in done.stdout
    for way in ("migrate-hooks restore --env=staging", "migrate-hooks new", "there is none here"):
        assert way in " ".join(done.stdout.split())
    assert len(project.versions()) == 3, "2 of 3 and then a refusal would be the worst"
    assert project.codes("--steps=2", "--dry-run") == ["rollback/no-down"]
    assert project.codes("--steps=1") == []


def test_the_newest_good_backup_is_named_where_there_is_no_way_back(project: Project) -> None:
    project.write(PHONE, "ALTER TABLE users ADD COLUMN phone text;", None)
    project.repo.commit()
    taken = Program(project.repo.path)("backup", "--env=staging")
    assert taken.code == 0, taken
    (archive,) = project.repo.path.rglob("*.dump")
    done = project("--steps=1")
    said = " ".join(done.stdout.split())
    assert f"the newest good one is {archive.relative_to(project.repo.path)}" in said
    assert "ledger at 20250103000000 (3)" in said


def test_one_of_the_middle_needs_a_word(project: Project) -> None:
    assert project.codes("--migration=add_email") == ["guard/out-of-order"]
    done = project("--migration=add_email", "--allow=out-of-order")
    assert done.code == 0, done
    assert "20250103000000_add_phone.sql (users)" in done.stdout
    assert (project.columns(), project.versions()) == (["id", "phone"], ["20250101", "20250103"])


def test_what_was_edited_since_needs_a_word(project: Project) -> None:
    project.write(PHONE, "ALTER TABLE users ADD COLUMN mobile text;", "SELECT 1;")
    project.repo.commit()
    assert project.codes("--steps=1") == ["rollback/changed"]
    assert len(project.versions()) == 3
    assert project("--steps=1", "--allow=changed").code == 0
    assert project.columns() == ["id", "email", "phone"], "the DOWN that runs is the file's"


def test_a_file_that_only_git_has_is_named_with_the_command_that_gets_it(project: Project) -> None:
    project.repo.git("rm", "-q", PHONE)
    project.repo.git("commit", "-q", "-m", "Away")
    done = project("--steps=1")
    assert done.code == 1
    said = " ".join(done.stdout.split())
    start = said.index("git checkout")
    command = said[start : said.index(".sql", start) + 4]
    project.repo.git(*command.split()[1:])
    assert project.codes("--steps=1") == ["guard/dirty"]
    assert project("--steps=1", "--allow=dirty").code == 0
    assert project.versions() == ["20250101", "20250102"]


def test_a_file_with_another_number_takes_back_the_row_that_is_there(project: Project) -> None:
    later = PHONE.replace("20250103", "20250109")
    project.repo.git("mv", PHONE, later)
    project.repo.commit()
    done = project("--steps=1")
    assert done.code == 0, done
    assert "20250109000000_add_phone.sql rolled back" in done.stderr
    assert (project.columns(), project.versions()) == (["id", "email"], ["20250101", "20250102"])
    assert project.database.run(HISTORY)[-1] == ("rollback", "done", "20250103000000")


def test_a_failing_down_leaves_its_own_migration_whole_and_says_how_to_go_on(
    project: Project,
) -> None:
    down = "ALTER TABLE users DROP COLUMN email;\nDROP TABLE nowhere;"
    project.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;", down)
    project.repo.commit()
    done = project("--steps=3")
    assert done.code == 4
    assert (project.columns(), project.versions()) == (["id", "email"], ["20250101", "20250102"])
    assert f"{EMAIL}:5:1" in done.stdout
    again = "migrate-hooks rollback --env=staging --steps=2"
    assert again in " ".join(done.stdout.split()), "--steps=3 would take back one too many"
    assert project.database.run(HISTORY)[-1] == ("rollback", "failed", "20250102000000")
    project.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;", down.splitlines()[0])
    project.repo.commit()
    assert project("--steps=2").code == 0
    assert (project.columns(), project.versions()) == ([], [])


def test_outside_a_transaction_it_goes_on_where_it_stopped(project: Project) -> None:
    index = "migrations/20250104000000_index.sql"
    up = "-- migrate-hooks: no-transaction\nCREATE INDEX CONCURRENTLY a ON users (email);"
    down = "DROP INDEX CONCURRENTLY a;\nINSERT INTO marks VALUES (1);\nDROP TABLE once;"
    project.write(index, up, down)
    project.database.run("CREATE TABLE marks (n int)")
    project.apply()
    done = project("--steps=1")
    assert done.code == 5, done
    assert "migrate-hooks rollback --env=staging --migration=20250104000000" in done.stdout
    assert "20250104" in project.versions(), "the ledger keeps it until all of DOWN has run"
    progress = "SELECT direction, statements_done, running FROM migrate_hooks.progress"
    assert project.database.run(progress) == [("down", 2, False)]
    project.database.run("CREATE TABLE once ()")
    assert project("--migration=20250104000000").code == 0
    assert project.database.run("SELECT n FROM marks") == [(1,)], "each statement ran once"
    assert "20250104" not in project.versions()
    assert project.database.run(progress) == []


def test_rows_that_would_go_are_counted(project: Project) -> None:
    project.database.run("INSERT INTO users SELECT generate_series(1, 1234)")
    project.database.run("ANALYZE users")
    done = project("--steps=3", "--dry-run")
    said = " ".join(done.stdout.split())
    assert "drops users with its rows (about 1,234 rows)" in said
    assert "drops a column of users with its values (about 1,234 rows)" in said


def test_rows_of_partitions_are_their_tables(project: Project) -> None:
    project.write(
        "migrations/20250104000000_logs.sql",
        "CREATE TABLE logs (n int) PARTITION BY RANGE (n);\n"
        "CREATE TABLE logs1 PARTITION OF logs FOR VALUES FROM (0) TO (10);\n"
        "CREATE TABLE logs2 PARTITION OF logs FOR VALUES FROM (10) TO (99);",
        "DROP TABLE logs;",
    )
    project.apply()
    project.database.run("INSERT INTO logs SELECT generate_series(1, 50)")
    project.database.run("ANALYZE")
    said = " ".join(project("--steps=1", "--dry-run").stdout.split())
    assert "drops logs with its rows (about 50 rows)" in said


def test_rows_of_a_schema_are_those_of_its_tables(project: Project) -> None:
    project.write(
        "migrations/20250104000000_old.sql",
        'CREATE SCHEMA "Old";\nCREATE TABLE "Old".a (n int);\nCREATE TABLE "Old".b (n int);',
        'DROP SCHEMA "Old", IF_ANY CASCADE;',
    )
    project.apply()
    for table in ("a", "b"):
        project.database.run(f'INSERT INTO "Old".{table} SELECT generate_series(1, 20)')
    project.database.run("ANALYZE")
    said = " ".join(project("--steps=1", "--dry-run").stdout.split())
    assert 'drops schema "Old" with whatever is in it (about 40 rows)' in said
    assert "drops schema if_any with whatever is in it." in said


def test_production_is_told_twice_and_asked_for_each_hazard(project: Project) -> None:
    identity = "UPDATE migrate_hooks.identity SET environment = 'production'"
    project.database.run(identity)
    project.repo.git("checkout", "-q", "main")
    program = Program(project.repo.path)
    words = ("rollback", "--env=production", "--steps=1")
    report = json.loads(program(*words, "--format=json").stdout)
    codes = [one["code"] for one in report["findings"]]
    assert codes == ["guard/protected", "guard/drop-column", "guard/backup"]
    meant = ("--force", "--yes=production", "--allow=stale-backup")
    assert program(*words, *meant).code == 1
    assert len(project.versions()) == 3
    assert program(*words, *meant, "--allow=drop-column").code == 0
    assert len(project.versions()) == 2


def test_a_failed_row_is_settled_first(project: Project) -> None:
    project.repo.write("migrate-hooks.toml", f'ledger = "own"\n{CONFIG}')
    assert Program(project.repo.path)("apply", "--env=staging").code != 0
    project.database.run("DROP TABLE users")
    project.apply()
    project.database.run(
        "UPDATE migrate_hooks.ledger SET outcome = 'failed' WHERE version = '20250103000000'"
    )
    assert project.codes("--steps=1") == ["status/failed"]


def test_a_statement_for_psql_is_refused_before_the_first_runs(project: Project) -> None:
    project.write(EMAIL, "ALTER TABLE users ADD COLUMN email text;", "SELECT 1;\nCOMMIT;")
    project.repo.commit()
    assert project.codes("--steps=2") == ["rollback/transaction-control"]
    assert len(project.versions()) == 3


def test_what_is_not_there_any_more_has_no_rows_to_count(project: Project) -> None:
    down = 'DROP TABLE IF EXISTS nowhere, "no""where", "no schema".t;'
    project.write(PHONE, "ALTER TABLE users ADD COLUMN phone text;", down)
    project.repo.commit()
    done = project("--steps=1")
    assert done.code == 0, done
    assert "rows)" not in done.stdout


def test_prismas_down_is_a_file_of_its_own(tmp_path: Path, database: Database) -> None:
    """Its place is told, its changes count, and what it says of itself is obeyed."""
    repo = repositories.new(tmp_path / "app")
    folder = "prisma/migrations/20250101000000_init"
    repo.write("migrate-hooks.toml", CONFIG)
    repo.write(".gitignore", ".env.*\n")
    repo.write(".env.staging", f"DATABASE_URL={database.url}\n")
    repo.write(f"{folder}/migration.sql", "CREATE TABLE a (id int);\n")
    repo.write(f"{folder}/down.sql", "SELECT 1;\n  DROP TABLE nowhere;\n")
    repo.commit()
    repo.git("checkout", "-q", "-b", "staging")
    program = Program(repo.path)
    assert program("apply", "--env=staging").code == 0
    failed = program("rollback", "--env=staging", "--steps=1")
    assert failed.code == 4
    assert f"{folder}/down.sql:2:3" in failed.stdout
    marked = "-- migrate-hooks: no-transaction\nDROP TABLE a;\nSELECT 1;\n"
    repo.write(f"{folder}/down.sql", marked)
    dirty = program("rollback", "--env=staging", "--steps=1")
    assert f"{folder}/down.sql has changes that are not committed" in dirty.stdout
    repo.commit()
    plan = program("rollback", "--env=staging", "--steps=1", "--dry-run").stdout
    assert "down 20250101000000_init: 2 statements, one by one outside a transaction" in plan
    assert program("rollback", "--env=staging", "--steps=1").code == 0
    rows = "SELECT rolled_back_at IS NOT NULL FROM _prisma_migrations"
    assert database.run(rows) == [(True,)]
    assert program("apply", "--env=staging").code == 0
    assert sorted(database.run(rows)) == [(False,), (True,)]
    repo.write(f"{folder}/down.sql", "-- DOWN: irreversible because it was the first\nSELECT 1;")
    repo.commit()
    refused = program("rollback", "--env=staging", "--steps=1")
    assert (refused.code, "because it was the first" in refused.stdout) == (1, True)
