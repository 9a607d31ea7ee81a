"""What git knows: the branch of an unknown version, the text that a changed file had."""

import hashlib

import pytest

from migrate_hooks.actions import whereabouts
from migrate_hooks.history import judge
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.layouts import detect
from migrate_hooks.layouts.base import Layout
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.history import Applied, Edit, Entry
from migrate_hooks.model.migration import Version
from tests.repo import Repo

PRISMA = detect.by_name("prisma")
FIRST = "CREATE TABLE a (id int);\n"


def unknown(version: str) -> Entry:
    return reconcile("dev", (), [Applied(Version((1,), version), "x")])[0]


def said(entries: tuple[Entry, ...]) -> Finding:
    return judge.findings(entries, Severity.CRITICAL)[0]


@pytest.mark.parametrize(
    ("path", "version"),
    [
        ("migrations/20260101000000_x.sql", "20260101000000"),
        ("app/prisma/migrations/20260101000000_x/migration.sql", "20260101000000_x"),
        ("migrations/[1*?_x.sql", "[1*?"),
    ],
)
def test_the_branch_and_the_commit_are_found(repo: Repo, path: str, version: str) -> None:
    repo.commit("begin")
    repo.git("switch", "--quiet", "--create", "feature")
    repo.write(path, "SELECT 1;\n")
    oid = repo.commit("add it")
    repo.git("switch", "--quiet", "main")
    (entry,) = whereabouts.locate(repo.path, [unknown(version)])
    assert entry.sighting is not None
    assert (entry.sighting.path, entry.sighting.commit) == (path, oid[:8])
    assert (entry.sighting.author, entry.sighting.branches) == ("Test Person", ("feature",))
    assert "is on feature (commit " in said((entry,)).hint


def test_many_versions_are_looked_up_at_once(repo: Repo) -> None:
    for number in (1, 2, 3):
        repo.write(f"migrations/{number}_x.sql", f"SELECT {number};\n")
        repo.commit(f"add {number}")
    found = whereabouts.locate(repo.path, [unknown(text) for text in ("1", "2", "3", "4")])
    paths = [one.sighting.path if one.sighting else None for one in found]
    assert paths == ["migrations/1_x.sql", "migrations/2_x.sql", "migrations/3_x.sql", ""]


def test_a_deleted_branch_leaves_the_commit_unfindable_and_that_is_said(repo: Repo) -> None:
    repo.commit("begin")
    entries = whereabouts.locate(repo.path, [unknown("7")])
    assert "git fetch --all" in said(entries).hint


def test_outside_of_a_repository_nothing_is_claimed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    entries = whereabouts.locate(tmp_path_factory.mktemp("plain"), [unknown("7")])
    assert said(entries).hint.startswith("Find it with: git log")


def changed(layout: Layout, path: str, before: str, after: str) -> Entry:
    digest = hashlib.sha256(before.encode()).hexdigest()
    row = Applied(layout.version(path) or Version((), ""), "x", sha256=digest)
    return reconcile("dev", [layout.read(path, after)], [row])[0]


@pytest.mark.parametrize(
    ("after", "edit"),
    [(f"-- why\n{FIRST}", Edit.TEXT), (FIRST.replace("int", "bigint"), Edit.SQL)],
)
def test_git_tells_what_was_edited_where_the_ledger_cannot(
    repo: Repo, after: str, edit: Edit
) -> None:
    path = "prisma/migrations/20260101000000_x/migration.sql"
    repo.write(path, FIRST)
    oid = repo.commit("add it")
    repo.write(path, after)
    repo.commit("edit it")
    entry = changed(PRISMA, path, FIRST, after)
    assert entry.edit is Edit.UNCLEAR
    (settled,) = whereabouts.locate(repo.path, [entry])
    assert (settled.edit, settled.sighting and settled.sighting.commit) == (edit, oid[:8])
    finding = said((settled,))
    assert f"git show {oid[:8]}:{path}" in finding.hint
    assert (finding.severity is Severity.WARNING) is (edit is Edit.TEXT)


def test_a_text_that_git_never_had_stays_unclear(repo: Repo) -> None:
    path = "prisma/migrations/20260101000000_x/migration.sql"
    repo.write(path, FIRST)
    repo.commit("add it")
    (entry,) = whereabouts.locate(repo.path, [changed(PRISMA, path, "SELECT 'elsewhere';", FIRST)])
    assert (entry.edit, entry.sighting) == (Edit.UNCLEAR, None)
    assert "keeps nothing that tells" in said((entry,)).message
