"""`where`: branch, environment, database, and how far they are apart; offline for what it can."""

from pathlib import Path

import pytest

from migrate_hooks.actions import where
from migrate_hooks.config.load import load
from migrate_hooks.model.report import Report
from tests import repo as repositories
from tests.databases import Database
from tests.repo import Repo

UP = "-- UP Migration\nCREATE TABLE public.{0} (id bigint PRIMARY KEY);\n"
DOWN = "\n-- DOWN Migration\nDROP TABLE public.{0};\n"
LEDGER = """
CREATE SCHEMA supabase_migrations;
CREATE TABLE supabase_migrations.schema_migrations
    (version text PRIMARY KEY, statements text[], name text);
INSERT INTO supabase_migrations.schema_migrations (version, name)
    VALUES ('20260101000000', 'first'), ('20260109000000', 'lost');
"""


def add(repo: Repo, version: str, name: str) -> str:
    repo.write(f"migrations/{version}_{name}.sql", (UP + DOWN).format(name))
    return repo.commit(name)


@pytest.fixture
def project(repo: Repo) -> Repo:
    """Branch main with one migration, staging with two, and a feature that is checked out."""
    repo.write(
        "migrate-hooks.toml", '[environments.staging]\n[environments.production]\nbranch = "main"\n'
    )
    repo.write(".gitignore", ".env*\n")
    add(repo, "20260101000000", "first")
    repo.git("checkout", "--quiet", "-b", "staging")
    add(repo, "20260102000000", "second")
    repo.git("checkout", "--quiet", "-b", "feature")
    add(repo, "20260103000000", "third")
    return repo


def look(repo: Repo) -> Report:
    return where.run(load(repo.path, None, {}))


def rows(report: Report) -> list[tuple[str, ...]]:
    return list(report.listings[0].rows)


def test_each_branch_is_compared_with_its_own_database(project: Repo, database: Database) -> None:
    database.run(LEDGER)
    for name in ("staging", "production"):
        project.write(f".env.{name}", f"DATABASE_URL={database.url}\n")
    place = f"{database.parameters['host']}/{database.name}"
    report = look(project)
    assert rows(report) == [
        ("", "staging", "staging", place, "1", "1", "staging"),
        ("", "main", "production", place, "0", "1", "main"),
    ]
    assert (report.exit_code, report.findings) == (0, ())
    head = project.git("rev-parse", "HEAD")[:8]
    assert report.notes == (f"Checked out is feature ({head}), which belongs to no environment.",)


def test_what_is_wrong_otherwise_is_told(project: Repo, database: Database) -> None:
    database.run(
        LEDGER.replace("version, name", "version, statements")
        .replace("'first'", "ARRAY['CREATE TABLE other ()']")
        .replace("'lost'", "ARRAY['SELECT 1']")
    )
    project.write(".env.staging", f"DATABASE_URL={database.url}\n")
    told = look(project).notes[-1]
    assert told == "staging has 1 changed: migrate-hooks status --env=staging"


def test_without_a_network_the_rest_is_told_and_no_secret(project: Repo) -> None:
    project.write(".env.staging", "DATABASE_URL=postgresql://me:s3cret@localhost:1/shop\n")
    report = look(project)
    assert rows(report) == [
        ("", "staging", "staging", "localhost:1/shop", "not checked", "not checked", "staging"),
        (
            "",
            "main",
            "production",
            "no connection string that can be used",
            "not checked",
            "not checked",
            "main",
        ),
    ]
    assert (report.exit_code, report.outcome) == (3, "unchecked")
    assert {one.code for one in report.findings} == {"database/unreachable", "environment/no-dsn"}
    assert "s3cret" not in repr(report)


def test_what_origin_has_is_what_deploys(project: Repo, tmp_path: Path) -> None:
    remote = repositories.new(tmp_path / "remote.git", "--bare")
    project.git("remote", "add", "origin", str(remote.path))
    project.git("push", "--quiet", "origin", "staging")
    project.git("checkout", "--quiet", "staging")
    project.git("reset", "--hard", "--quiet", "HEAD~1")
    add(project, "20260104000000", "fourth")
    report = look(project)
    assert [(row[0], row[6]) for row in rows(report)] == [("*", "origin/staging"), ("", "main")]
    head = project.git("rev-parse", "HEAD")[:8]
    assert report.notes[0] == (
        f"Checked out is staging ({head}), which deploys to staging. Against origin/staging: "
        "1 not pushed, 1 not pulled."
    )


@pytest.mark.parametrize(
    ("words", "note"),
    [
        (("checkout", "--quiet", "--detach"), "on no branch."),
        (("checkout", "--quiet", "--orphan", "fresh"), "Checked out is fresh, without a commit"),
    ],
)
def test_where_head_can_be(project: Repo, words: tuple[str, ...], note: str) -> None:
    project.git(*words)
    assert note in look(project).notes[0]


def test_a_branch_that_is_nowhere_is_compared_by_the_working_tree(project: Repo) -> None:
    project.git("branch", "--quiet", "-D", "staging")
    assert rows(look(project))[0][6] == "working tree"


def test_outside_of_a_repository_and_without_migrations(tmp_path: Path) -> None:
    report = where.run(load(tmp_path, None, {}))
    assert report.exit_code == 3
    assert {row[6] for row in rows(report)} == {"working tree"}
    assert {one.code for one in report.findings} == {"layout/no-folder"}
    assert "no git repository" in report.notes[0]
