"""A repository of Prisma, end to end: it reads what Prisma wrote, and writes what that would."""

import hashlib
import json
from pathlib import Path

import pytest

from migrate_hooks.actions import lint, sources
from migrate_hooks.config.load import load
from migrate_hooks.errors import ConfigProblem
from migrate_hooks.layouts import detect
from migrate_hooks.model.finding import Severity
from migrate_hooks.outside.files import FileText
from tests.databases import Database
from tests.program import Program
from tests.repo import Repo

ADD, MORE, LATE = "20260105090000_add_users", "20260106090000_more", "20260106_late"
TEXTS = {
    ADD: '-- CreateTable\nCREATE TABLE "User" ("id" INTEGER NOT NULL);\n',
    MORE: 'ALTER TABLE "User" ADD COLUMN x int;\n',
    LATE: 'ALTER TABLE "User" ADD COLUMN y int;\n',
}
ROWS = (
    "SELECT migration_name, checksum, logs, rolled_back_at, applied_steps_count,"
    " finished_at >= started_at, pg_catalog.length(id) FROM {} ORDER BY started_at"
)
# What `prisma migrate deploy` of Prisma 6.19 leaves of these folders, but for ids and times.
AS_PRISMA = [
    (name, hashlib.sha256(TEXTS[name].encode()).hexdigest(), None, None, 1, True, 36)
    for name in (ADD, MORE, LATE)
]
# The table as Prisma 6.19 makes it.
COLUMNS = [
    ("id", "character varying", 36, "NO", None),
    ("checksum", "character varying", 64, "NO", None),
    ("finished_at", "timestamp with time zone", None, "YES", None),
    ("migration_name", "character varying", 255, "NO", None),
    ("logs", "text", None, "YES", None),
    ("rolled_back_at", "timestamp with time zone", None, "YES", None),
    ("started_at", "timestamp with time zone", None, "NO", "now()"),
    ("applied_steps_count", "integer", None, "NO", "0"),
]


def path(name: str) -> str:
    return f"prisma/migrations/{name}/migration.sql"


@pytest.fixture
def project(repo: Repo) -> Repo:
    for name, text in TEXTS.items():
        repo.write(path(name), text)
    repo.write("prisma/migrations/migration_lock.toml", 'provider = "postgresql"\n')
    repo.write(".gitignore", ".env*\n")
    repo.commit("begin")
    return repo


@pytest.fixture
def prisma(project: Repo, database: Database, cli: Program) -> Program:
    use(project.path, f"{database.url}?schema=public&connection_limit=1")
    cli.folder = project.path
    return cli


def use(folder: Path, url: str) -> None:
    (folder / ".env.dev").write_text(f"DATABASE_URL_DEV={url}\n")


def entries(prisma: Program) -> list[tuple[str, str]]:
    done = prisma("status", "--env=dev", "--format=json")
    return [(one["version"], one["state"]) for one in json.loads(done.stdout)["entries"]]


def mark(database: Database, name: str, finished: str, rolled_back: str = "NULL") -> None:
    digest = hashlib.sha256(TEXTS[name].encode()).hexdigest()
    database.run(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, rolled_back_at)"
        f" VALUES (gen_random_uuid()::text, '{digest}', '{name}', {finished}, {rolled_back})"
    )


def test_what_we_apply_looks_as_if_prisma_had(prisma: Program, database: Database) -> None:
    assert entries(prisma) == [(ADD, "pending"), (MORE, "pending"), (LATE, "pending")]
    done = prisma("apply", "--env=dev")
    assert done.code == 0, done
    assert f"{ADD} applied" in done.stderr + done.stdout
    assert database.run(ROWS.format("_prisma_migrations")) == AS_PRISMA
    columns = database.run(
        "SELECT column_name, data_type, character_maximum_length, is_nullable, column_default"
        " FROM information_schema.columns WHERE table_name = '_prisma_migrations'"
        " ORDER BY ordinal_position"
    )
    assert columns == COLUMNS
    assert entries(prisma) == [(ADD, "applied"), (MORE, "applied"), (LATE, "applied")]


def test_the_schema_of_the_dsn_holds_the_ledger(
    prisma: Program, database: Database, project: Repo
) -> None:
    database.run('CREATE SCHEMA "my app"')
    use(project.path, f"{database.url}?schema=my%20app")
    done = prisma("apply", "--env=dev")
    assert done.code == 0, done
    assert database.run(ROWS.format('"my app"._prisma_migrations')) == AS_PRISMA


def test_attempts_that_failed_or_were_rolled_back(prisma: Program, database: Database) -> None:
    """`migrate resolve` leaves the old row, marked, and adds a new one when it was applied."""
    prisma("apply", "--env=dev", "--to", ADD)
    mark(database, MORE, "NULL")
    assert entries(prisma) == [(ADD, "applied"), (MORE, "failed"), (LATE, "pending")]
    database.run("UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL")
    assert entries(prisma)[1] == (MORE, "pending")
    mark(database, MORE, "now()")
    assert entries(prisma)[1] == (MORE, "applied")


def test_a_checkout_with_other_line_ends_changes_nothing(prisma: Program, project: Repo) -> None:
    prisma("apply", "--env=dev")
    for name, text in TEXTS.items():
        project.write(path(name), text.replace("\n", "\r\n"))
    assert {state for _, state in entries(prisma)} == {"applied"}


def test_an_edit_of_words_is_told_from_one_of_sql_by_git(prisma: Program, project: Repo) -> None:
    prisma("apply", "--env=dev")
    project.write(path(ADD), f"-- a word\n{TEXTS[ADD]}")
    project.write(path(MORE), TEXTS[MORE].replace("int", "bigint"))
    done = prisma("status", "--env=dev")
    assert "changed (text only)" in done.stdout
    assert "changed (SQL)" in done.stdout
    assert f"git show {project.git('rev-parse', '--short=8', 'HEAD')}:{path(MORE)}" in done.stdout


def test_a_failed_attempt_keeps_everything_else_from_running(
    prisma: Program, database: Database
) -> None:
    prisma("apply", "--env=dev", "--to", ADD)
    mark(database, MORE, "NULL")
    done = prisma("apply", "--env=dev")
    assert done.code == 1, done
    assert "did not finish" in done.stdout
    assert [row[0] for row in database.run(ROWS.format("_prisma_migrations"))] == [ADD, MORE]


def test_a_commit_and_the_index_hold_what_the_working_tree_does(project: Repo) -> None:
    project.write(f"prisma/migrations/{ADD}/down.sql", 'DROP TABLE "User";\n')
    oid = project.commit("say how back")
    settings = load(project.path, None, {})
    pushed, here = sources.from_commit(settings, oid), sources.from_worktree(settings)
    assert (pushed.migrations, pushed.layout.name) == (here.migrations, "prisma")
    assert [one.down is not None for one in pushed.migrations] == [True, False, False]
    assert sources.index_folder(settings) == "prisma/migrations"
    project.write(path("20260108090000_index"), 'CREATE INDEX i ON "User" (x);\n')
    project.git("add", "prisma")
    staged = lint.run(settings, (), True, None, False)
    assert [one.code for one in staged.findings if one.severity is Severity.CRITICAL] == [
        "locks/index-build"
    ]
    assert staged.notes[0].startswith("Judged 1 staged migration")


def test_lint_calls_a_migration_by_its_folder(project: Repo) -> None:
    newer, older = path("20260109090000_newer"), path("20260108090000_older")
    found = lint.lint_texts(
        load(project.path, None, {"lint.style": False}),
        detect.by_name("prisma"),
        {older: FileText(older, "CREATE TABLE t (id bigint PRIMARY KEY);\n")},
        known=[newer],
        released=[newer],
        target="main",
    )
    (late,) = (one for one in found if one.code == "order/out-of-order")
    assert late.message.startswith(
        "20260108090000_older is new but older than 20260109090000_newer"
    )
    folder = "prisma/migrations/2026010"
    assert late.hint.endswith(f"git mv {folder}8090000_older {folder}9090001_older")


@pytest.mark.parametrize(
    ("ledger", "said"),
    [("supabase", "does not go with files of layout prisma"), ("sqitch", "There is no ledger")],
)
def test_a_ledger_that_cannot_fit_is_refused_before_any_question(
    project: Repo, ledger: str, said: str
) -> None:
    settings = load(project.path, None, {"ledger": ledger})
    for ask in (sources.from_worktree, sources.wanted_ledger):
        with pytest.raises(ConfigProblem, match=said):
            ask(settings)


def test_our_own_ledger_goes_with_any_layout(prisma: Program, project: Repo) -> None:
    project.write("migrate-hooks.toml", 'ledger = "own"\n')
    done = prisma("apply", "--env=dev")
    assert done.code == 0, done
    assert entries(prisma) == [(ADD, "applied"), (MORE, "applied"), (LATE, "applied")]
    project.write("migrate-hooks.toml", "")
    done = prisma("status", "--env=dev")
    assert done.code == 3
    assert 'ledger = "own" or ledger = "prisma"' in done.stdout
