"""A merge is judged by what it makes of both sides' migrations, not for what each side wrote."""

import pytest

from migrate_hooks.actions import install, merge_commit
from migrate_hooks.config.load import load
from migrate_hooks.model.report import Report
from tests.repo import Repo

UP = "-- UP Migration\nCREATE TABLE public.{0} (id bigint PRIMARY KEY);\n"
DOWN = "\n-- DOWN Migration\nDROP TABLE public.{0};\n"


@pytest.fixture
def project(repo: Repo) -> Repo:
    """Branch staging, from which feature has just been made; it is checked out."""
    repo.write("migrate-hooks.toml", "[lint]\nstyle = false\n")
    add(repo, 1, "first")
    repo.git("branch", "--quiet", "-m", "staging")
    repo.git("checkout", "--quiet", "-b", "feature")
    return repo


def path(day: int, name: str) -> str:
    return f"migrations/202601{day:02}000000_{name}.sql"


def add(repo: Repo, day: int, name: str, text: str = UP + DOWN) -> None:
    repo.write(path(day, name), text.format(name))
    repo.commit(name, "--no-verify")


def on(repo: Repo, branch: str) -> None:
    repo.git("checkout", "--quiet", branch)


def merge(repo: Repo, branch: str) -> Report:
    """Stop a merge where git would call the hook."""
    repo.git("merge", "--quiet", "--no-ff", "--no-commit", branch)
    return merge_commit.run(load(repo.path, None, {}))


def found(report: Report) -> list[tuple[str, str, str]]:
    """Return (code, severity, file) of what is said about files."""
    return [
        (one.code, one.severity.value, getattr(one.place, "path", ""))
        for one in report.findings
        if one.severity.value != "info"
    ]


def test_what_was_judged_where_it_was_written_is_not_judged_again(project: Repo) -> None:
    add(project, 2, "second", UP)  # without DOWN
    on(project, "staging")
    report = merge(project, "feature")
    assert (report.exit_code, found(report)) == (0, [])
    assert report.notes == ("This merge brings 1 migration file.",)


def test_an_older_file_that_the_merge_brings_stops_it(project: Repo) -> None:
    add(project, 2, "second")
    on(project, "staging")
    add(project, 3, "third")
    report = merge(project, "feature")
    assert found(report) == [("order/out-of-order", "critical", path(2, "second"))]
    assert report.exit_code == 1
    assert "git merge --abort" in report.notes[-1]


def test_an_own_file_that_the_merge_makes_late_is_a_warning(project: Repo) -> None:
    add(project, 2, "second")
    on(project, "staging")
    add(project, 3, "third")
    on(project, "feature")
    report = merge(project, "staging")
    assert found(report) == [("order/out-of-order", "warning", path(2, "second"))]
    assert report.exit_code == 0


def test_one_version_on_both_sides_stops_the_merge(project: Repo) -> None:
    add(project, 2, "second")
    on(project, "staging")
    project.git("checkout", "--quiet", "-b", "other")
    add(project, 2, "another")
    report = merge(project, "feature")
    assert ("naming/duplicate-version", "critical", path(2, "second")) in found(report)
    assert report.exit_code == 1


def test_a_file_that_git_put_together_is_new_to_everybody(project: Repo) -> None:
    lines = "".join(f"SELECT {number};\n" for number in range(20))
    text = f"-- UP Migration\n{lines}-- DOWN Migration\nSELECT 1;\n"
    add(project, 2, "both", text)
    project.git("checkout", "--quiet", "-b", "other")
    add(project, 2, "both", text.replace("-- DOWN Migration\nSELECT 1;\n", ""))
    on(project, "feature")
    add(project, 2, "both", text.replace("SELECT 2;", "SELECT 200;"))
    report = merge(project, "other")
    assert ("sections/down-missing", "critical", path(2, "both")) in found(report)


def test_git_calls_it_before_it_has_written_down_what_is_merged(project: Repo) -> None:
    install.run(project.path)
    add(project, 2, "second", UP)
    on(project, "staging")
    project.write("README", "one more\n")
    project.commit("readme")
    done = project.git("merge", "--no-edit", "feature")
    assert "This merge brought 1 migration file" in done
    assert "down-missing" not in done, "as it was judged when it was written"
    project.git("checkout", "--quiet", "-b", "late", "staging~1")
    add(project, 3, "third")
    on(project, "staging")
    add(project, 4, "fourth")
    stopped = project.git("merge", "--no-edit", "late", check=False)
    assert "order/out-of-order" in stopped
    assert project.git("status", "--porcelain").startswith("A ")
    assert "order/out-of-order" in project.git("commit", "--no-edit", check=False)
    project.git("merge", "--abort")
    project.git("merge", "--no-edit", "--no-verify", "late")
