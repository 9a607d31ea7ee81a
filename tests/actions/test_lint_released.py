"""Migrations that the target branch has already: edited, deleted, renamed, or only merged."""

import subprocess
from pathlib import Path

import pytest

from migrate_hooks.actions import lint
from migrate_hooks.config.load import load
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.settings import LintSettings
from tests.program import Program
from tests.repo import Repo
from tests.repo import new as new_repo

OLD = "migrations/20260101000000_create_orders.sql"
OTHER = "migrations/20260102000000_create_items.sql"
NEW = "migrations/20260103000000_note_orders.sql"
UP = "-- Up\nCREATE TABLE orders (id bigint PRIMARY KEY);\n"
CREATE = f"{UP}-- Down\nDROP TABLE orders;\n"
ITEMS = CREATE.replace("orders", "items")
FINE = "-- Up\nCOMMENT ON TABLE orders IS 'o';\n-- Down\nCOMMENT ON TABLE orders IS NULL;\n"
EDITED = CREATE.replace("bigint", "uuid")

Told = list[tuple[str, str, Severity]]


@pytest.fixture
def team(repo: Repo, tmp_path: Path) -> Repo:
    """A clone on branch feature; origin/main has two migrations."""
    origin = new_repo(tmp_path / "origin.git", "--bare")
    repo.write("migrate-hooks.toml", "[lint]\nstyle = false\n")
    repo.write(OLD, CREATE)
    repo.write(OTHER, ITEMS)
    repo.commit()
    repo.git("remote", "add", "origin", str(origin.path))
    repo.git("push", "--quiet", "origin", "main")
    repo.git("checkout", "--quiet", "-b", "feature")
    return repo


def told(findings: tuple[Finding, ...]) -> Told:
    """Return what was said about released files: path, code, severity."""
    found = []
    for one in findings:
        if one.code.startswith("order/"):
            assert isinstance(one.place, FilePlace)
            found.append((one.place.path, one.code, one.severity))
    return found


def judge(
    repo: Repo, *files: str, staged: bool = False, since: str = "", all_: bool = False
) -> Told:
    settings = load(repo.path, None, {})
    return told(lint.run(settings, files, staged, since or None, all_).findings)


def everywhere(repo: Repo) -> list[Told]:
    """Return what each scope says about what is committed on this branch since main."""
    commit, before = repo.git("rev-parse", "HEAD"), repo.git("rev-parse", "origin/main")
    pushes = [lint.pushed(load(repo.path, None, {}), commit, one) for one in (before, None)]
    scopes = [judge(repo), judge(repo, since="origin/main"), judge(repo, all_=True)]
    return scopes + [told(one) for one in pushes]


def staged(repo: Repo) -> Told:
    repo.git("add", "--all")
    return judge(repo, staged=True)


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (EDITED, Severity.CRITICAL),
        (CREATE.replace("KEY);", "KEY);\nSELECT 1;"), Severity.CRITICAL),
        (CREATE.replace("DROP TABLE", "DROP TABLE IF EXISTS"), Severity.WARNING),
        (UP, Severity.WARNING),
        (f"-- Orders\n\n{CREATE}", Severity.INFO),
        (CREATE.replace(" (", "\n  ("), Severity.INFO),
        (CREATE.replace("CREATE TABLE", "create table"), Severity.INFO),
    ],
)
def test_an_edit_weighs_what_it_changes(team: Repo, text: str, severity: Severity) -> None:
    team.write(OLD, text)
    expected = [(OLD, "order/edited", severity)]
    assert staged(team) == judge(team) == judge(team, str(team.path / OLD)) == expected
    team.commit()
    assert staged(team) == []
    found = everywhere(team)
    assert found[:-1] == [expected] * 4
    # A push of a new branch is only about what no branch of the remote has.
    assert found[-1] == []


def test_line_ends_that_git_takes_off_are_no_edit(team: Repo) -> None:
    team.write(OLD, CREATE.replace("\n", "\r\n"))
    assert judge(team, all_=True) == []


def test_the_edit_has_the_place_of_the_first_statement_that_is_new(team: Repo) -> None:
    team.write(OLD, CREATE.replace("-- Down", "\n  CREATE INDEX ON orders (id);\n-- Down"))
    settings = load(team.path, None, {})
    (found,) = [
        one
        for one in lint.run(settings, (), False, None, False).findings
        if one.code == "order/edited"
    ]
    assert found.place == FilePlace(OLD, 4, 3)
    assert f"git checkout origin/main -- {OLD}" in found.hint


def test_a_reason_in_the_file_waives_its_edit(team: Repo) -> None:
    reason = "-- migrate-hooks: ignore order/edited because no database ever ran it\n\n"
    team.write(OLD, reason + EDITED)
    assert judge(team) == []


def test_a_deleted_file_is_reported_in_every_scope(team: Repo) -> None:
    team.git("rm", "--quiet", OLD)
    expected = [(OLD, "order/deleted", Severity.CRITICAL)]
    assert judge(team, staged=True) == expected
    team.commit()
    assert everywhere(team) == [expected] * 5


@pytest.mark.parametrize(
    ("name", "text", "severity"),
    [
        ("20260101000000_make_orders.sql", CREATE, Severity.WARNING),
        ("20260101000000_make_orders.sql", EDITED, Severity.CRITICAL),
        ("20260104000000_create_orders.sql", CREATE, Severity.CRITICAL),
    ],
)
def test_a_renamed_file_is_named_with_its_new_name(
    team: Repo, name: str, text: str, severity: Severity
) -> None:
    team.git("mv", OLD, f"migrations/{name}")
    team.write(f"migrations/{name}", text)
    expected = [(OLD, "order/deleted", severity)]
    assert staged(team) == expected
    team.commit()
    assert everywhere(team) == [expected] * 5
    report = lint.run(load(team.path, None, {}), (), False, None, False)
    (found,) = [one for one in report.findings if one.code == "order/deleted"]
    assert f"renames it to {name}" in found.message
    assert f"git mv migrations/{name} {OLD}" in found.hint


def test_what_others_release_meanwhile_is_neither_deleted_nor_edited_here(team: Repo) -> None:
    team.write(NEW, FINE)
    team.commit()
    team.git("checkout", "--quiet", "main")
    team.write(OTHER, ITEMS.replace("bigint", "uuid"))  # edited there
    team.git("rm", "--quiet", OLD)  # deleted there
    team.write("migrations/20260102500000_create_tags.sql", CREATE.replace("orders", "tags"))
    team.commit()
    team.git("push", "--quiet", "origin", "main")
    team.git("checkout", "--quiet", "feature")
    assert judge(team) == judge(team, all_=True) == []
    team.git("merge", "--quiet", "--no-commit", "--no-ff", "main")
    assert judge(team, staged=True) == []
    team.git("commit", "--quiet", "-m", "merge")
    assert everywhere(team)[:4] == [[]] * 4


def test_an_edit_that_was_merged_back_and_edited_again_is_reported(team: Repo) -> None:
    team.git("checkout", "--quiet", "main")
    team.write(OLD, EDITED)
    team.commit()
    team.git("push", "--quiet", "origin", "main")
    team.git("checkout", "--quiet", "feature")
    team.git("merge", "--quiet", "main")
    team.write(OLD, EDITED.replace("uuid", "text"))
    assert judge(team) == [(OLD, "order/edited", Severity.CRITICAL)]


def test_what_only_this_branch_has_may_be_edited_renamed_and_deleted(team: Repo) -> None:
    team.write(NEW, FINE)
    team.commit()
    team.write(NEW, FINE.replace("'o'", "'orders'"))
    assert staged(team) == []
    team.git("mv", "--force", NEW, NEW.replace("0103", "0104"))
    assert staged(team) == []
    team.git("rm", "--quiet", "--force", NEW.replace("0103", "0104"))
    assert staged(team) == []


def test_a_branch_that_nobody_else_has_is_not_released(repo: Repo) -> None:
    """Without a remote, main is its own target: what is on it may still be amended."""
    repo.write(OLD, CREATE)
    repo.commit()
    repo.write(OLD, EDITED)
    assert staged(repo) == judge(repo) == []
    repo.git("checkout", "--quiet", "-b", "feature")
    assert staged(repo) == [(OLD, "order/edited", Severity.CRITICAL)]


def test_a_forced_push_that_takes_files_away_is_reported(team: Repo) -> None:
    before = team.git("rev-parse", "origin/main")
    team.git("checkout", "--quiet", "--orphan", "other")
    team.git("rm", "--quiet", "--force", OLD)
    commit = team.commit()
    found = lint.pushed(load(team.path, None, {}), commit, before)
    assert told(found) == [(OLD, "order/deleted", Severity.CRITICAL)]


def test_a_commit_that_only_deletes_is_stopped(team: Repo) -> None:
    assert Program(team.path)("install").code == 0
    team.git("rm", "--quiet", OLD)
    said = team.git("commit", "-m", "tidy", check=False)
    assert "order/deleted" in said
    assert team.git("log", "-1", "--format=%s") == "work"


@pytest.mark.parametrize("style", ["github", "gitlab", "sarif", "junit", "json", "human"])
def test_a_file_that_is_gone_has_a_place_in_every_format(team: Repo, style: str) -> None:
    team.git("rm", "--quiet", OLD)
    done = Program(team.path)("lint", "--format", style)
    assert done.code == 1
    assert OLD in done.stdout
    assert "order/deleted" in done.stdout
    assert done.stderr == ""


def test_hostile_names_are_restored_by_the_command_that_is_shown(team: Repo) -> None:
    name = "migrations/20260102000001_it's $(here).sql"
    team.git("checkout", "--quiet", "main")
    team.write(name, FINE)
    team.commit("more", "--no-verify")
    team.git("push", "--quiet", "--no-verify", "origin", "main")
    team.git("checkout", "--quiet", "-b", "work")
    team.git("rm", "--quiet", name)
    report = lint.run(load(team.path, None, {}), (), False, None, False)
    (found,) = [one for one in report.findings if one.code == "order/deleted"]
    command = found.hint.removeprefix("Restore it: ").partition(". To take back")[0]
    subprocess.run(["sh", "-c", command], cwd=team.path, check=True, capture_output=True)
    assert (team.path / name).read_text() == FINE


def test_the_weight_can_be_configured(team: Repo) -> None:
    team.write(OLD, EDITED)
    settings = load(team.path, None, {})
    assert settings.lint == LintSettings(style=False)
    team.write("migrate-hooks.toml", '[lint]\nseverity = {"order/edited" = "warning"}\n')
    assert judge(team) == [(OLD, "order/edited", Severity.WARNING)]
