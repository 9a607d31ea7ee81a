"""What other branches are about to change: mentioned, bounded, and never more than a mention."""

from pathlib import Path

import pytest

from migrate_hooks.actions import lint
from migrate_hooks.config.load import load
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.outside import git_branches
from tests.program import Program
from tests.repo import Repo
from tests.repo import new as new_repo

OLD = "migrations/20260101000000_create_orders.sql"
MINE = "migrations/20260105000000_add_total.sql"
THEIRS = "migrations/20260104000000_theirs.sql"
CREATE = "-- Up\nCREATE TABLE orders (id bigint PRIMARY KEY);\n-- Down\nDROP TABLE orders;\n"
DOWN = "-- Down\nALTER TABLE orders DROP COLUMN {0};\n"
ADD = "-- Up\nALTER TABLE orders ADD COLUMN {0} bigint;\n" + DOWN
ADD_THERE = ADD.replace("bigint", "numeric")


@pytest.fixture
def team(repo: Repo) -> Repo:
    """main has one table; branch theirs adds a column to it, branch mine is checked out."""
    repo.write("migrate-hooks.toml", "[lint]\nstyle = false\n")
    repo.write(OLD, CREATE)
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "theirs")
    repo.write(THEIRS, ADD_THERE.format("total"))
    repo.commit()
    repo.git("checkout", "--quiet", "-b", "mine", "main")
    return repo


def told(repo: Repo) -> list[Finding]:
    repo.git("add", "--all")
    report = lint.run(load(repo.path, None, {}), (), True, None, False)
    return [one for one in report.findings if one.code == "order/other-branch"]


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (ADD.format("total"), Severity.WARNING),
        (ADD.format("note"), Severity.INFO),
        ("-- Up\nDROP TABLE orders;\n-- DOWN: irreversible because old\n", Severity.WARNING),
    ],
)
def test_the_other_branch_file_and_object_are_named(
    team: Repo, text: str, severity: Severity
) -> None:
    team.write(MINE, text)
    (found,) = told(team)
    assert found.severity is severity
    assert isinstance(found.place, FilePlace)
    assert (found.place.path, found.place.line) == (MINE, 2)
    assert f"theirs has {THEIRS}" in found.message
    assert "orders" in found.message
    assert f"git show theirs:{THEIRS}" in found.hint


def test_what_is_unrelated_ours_released_or_old_is_not_mentioned(team: Repo) -> None:
    team.write(MINE, ADD.format("total").replace("orders", "items"))
    assert told(team) == []
    team.write(MINE, ADD.format("total"))
    assert len(told(team)) == 1
    team.git("branch", "--move", "theirs", "was-theirs")  # under any name it is theirs
    assert len(told(team)) == 1
    team.git("checkout", "--quiet", "main", "--", ".")
    team.git("merge", "--quiet", "was-theirs")  # then it is ours, too
    assert told(team) == []


def test_a_file_that_the_target_has_under_a_later_name_is_not_mentioned(team: Repo) -> None:
    team.git("checkout", "--quiet", "main")
    team.write("migrations/20260104500000_theirs.sql", ADD_THERE.format("total"))
    team.commit("squashed and renumbered")
    team.git("checkout", "--quiet", "mine")
    team.write(MINE, ADD.format("total").replace("bigint", "int"))
    assert told(team) == []


def test_our_own_branch_on_the_remote_and_a_renumbered_copy_are_ours(
    team: Repo, tmp_path: Path
) -> None:
    remote = new_repo(tmp_path / "remote.git", "--bare")
    team.git("remote", "add", "origin", str(remote.path))
    team.git("branch", "--quiet", "--delete", "--force", "theirs")
    team.write(THEIRS, ADD.format("total"))
    team.commit()
    team.git("push", "--quiet", "origin", "mine")
    team.git("branch", "backup")
    team.git("mv", THEIRS, MINE)
    assert told(team) == []
    team.write(MINE, ADD.format("total").replace("bigint", "int"))  # before this commit it was so
    assert told(team) == []


def test_a_branch_that_nobody_touched_for_months_is_not_mentioned(
    team: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2020-01-01T00:00:00Z")
    team.git("checkout", "--quiet", "theirs")
    team.git("commit", "--quiet", "--amend", "--no-edit")
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    team.git("checkout", "--quiet", "mine")
    team.write(MINE, ADD.format("total"))
    assert told(team) == []


def test_a_branch_of_the_remote_counts_even_without_a_local_one(team: Repo, tmp_path: Path) -> None:
    remote = new_repo(tmp_path / "remote.git", "--bare")
    team.git("remote", "add", "origin", str(remote.path))
    team.git("push", "--quiet", "origin", "main", "theirs")
    team.git("branch", "--quiet", "--delete", "--force", "theirs")
    team.write(MINE, ADD.format("total"))
    (found,) = told(team)
    assert f"git show origin/theirs:{THEIRS}" in found.hint


def test_of_many_branches_the_newest_are_looked_at_in_three_processes(
    team: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(git_branches.BRANCHES + 5):
        stamp = f"2027-01-01T00:00:{number:02}Z"
        monkeypatch.setenv("GIT_COMMITTER_DATE", stamp)
        team.git("checkout", "--quiet", "-b", f"b{number}", "main")
        team.write(f"migrations/202601040000{number:02}_b.sql", ADD.format("total"))
        team.commit()
    monkeypatch.delenv("GIT_COMMITTER_DATE")
    team.git("branch", "--quiet", "--delete", "--force", "theirs")
    team.git("checkout", "--quiet", "mine")
    trace = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    found = git_branches.files(team.path, "migrations", (), ("HEAD", "main"))
    asked = [one for one in trace.read_text().splitlines() if "trace: built-in:" in one]
    assert len(asked) == 3
    newest = {f"b{number}" for number in range(5, git_branches.BRANCHES + 5)}
    assert {one.branch for one in found} == newest


def test_git_that_takes_too_long_is_a_word_for_the_curious(
    team: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_branches, "SECONDS", 0.0)
    team.write(MINE, ADD.format("total"))
    (found,) = told(team)
    assert found.severity is Severity.INFO
    assert "was not looked at" in found.message
    assert "other_branches = false" in found.hint


def test_it_can_be_switched_off(team: Repo) -> None:
    team.write(MINE, ADD.format("total"))
    team.write("migrate-hooks.toml", "[lint]\nstyle = false\nother_branches = false\n")
    assert told(team) == []


def test_a_commit_is_not_stopped_by_it(team: Repo) -> None:
    assert Program(team.path)("install").code == 0
    team.write(MINE, ADD.format("total"))
    team.git("add", "--all")
    said = team.git("commit", "-m", "mine")
    assert "order/other-branch" in said
    assert team.git("log", "-1", "--format=%s") == "mine"


def test_hostile_files_of_other_branches_do_no_harm(team: Repo) -> None:
    team.git("checkout", "--quiet", "theirs")
    team.write("migrations/20260104000001_binary.sql", b"\x00\x01")
    team.write("migrations/20260104000002_broken.sql", "ALTER TABLE orders ADD COLUMN total (((;\n")
    team.write("migrations/20260104000003_a\nb.sql", ADD_THERE.format("total"))
    (team.path / "migrations/20260104000004_link.sql").symlink_to("/etc/passwd")
    (team.path / "20260104000005_folder.sql").symlink_to("migrations")
    team.commit()
    team.git("checkout", "--quiet", "mine")
    team.write(MINE, ADD.format("total"))
    found = told(team)
    assert len(found) == 2  # theirs, and the one with a line break in its name
    assert all("\n" not in one.message for one in found)
