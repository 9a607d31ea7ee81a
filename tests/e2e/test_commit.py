"""`git commit` with the real hooks installed: what is judged is what is being committed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import repo as repositories
from tests.program import Program
from tests.repo import Repo

FILE = "migrations/20260102030405_add_orders.sql"
UP = "-- UP Migration\nCREATE TABLE public.orders (id bigint PRIMARY KEY);\n"
GOOD = f"{UP}\n-- DOWN Migration (rollback)\nDROP TABLE public.orders;\n"
BAD = UP  # nothing undoes it

# sqlfluff costs a second a commit, and what it says is proved elsewhere.
QUICK = "[lint]\nstyle = false\n"


def prepare(repo: Repo, cli: Program) -> Repo:
    """Give a repository a first commit and the hooks."""
    repo.write("migrate-hooks.toml", QUICK)
    repo.write("migrations/README.md", "One file a change.\n")
    repo.commit("first")
    code, _, said = cli("install", cwd=repo.path)
    assert code == 0, said
    return repo


@pytest.fixture
def ready(repo: Repo, cli: Program) -> Repo:
    return prepare(repo, cli)


def commit(repo: Repo, *words: str) -> tuple[bool, str]:
    """Return whether git made a commit, and what was said."""
    before = repo.git("rev-parse", "HEAD")
    said = repo.git("commit", "-m", "change", *words, check=False)
    return repo.git("rev-parse", "HEAD") != before, said


def assert_refused(repo: Repo, *words: str) -> str:
    is_made, said = commit(repo, *words)
    assert not is_made, said
    assert "sections/down-missing" in said
    return said


def assert_made(repo: Repo, *words: str) -> str:
    is_made, said = commit(repo, *words)
    assert is_made, said
    return said


def test_a_bad_migration_is_refused_then_mended(ready: Repo) -> None:
    ready.write(FILE, BAD)
    ready.git("add", FILE)
    assert f"{FILE}:" in assert_refused(ready)
    ready.write(FILE, GOOD)
    ready.git("add", FILE)
    assert_made(ready)


def test_a_commit_that_is_not_ours_is_not_talked_about(ready: Repo) -> None:
    ready.write("main.py", "print()\n")
    ready.git("add", ".")
    assert "clean" not in assert_made(ready, "--quiet")
    assert commit(ready, "--quiet", "--allow-empty") == (True, "")


def test_no_verify_is_the_way_around(ready: Repo) -> None:
    ready.write(FILE, BAD)
    ready.git("add", FILE)
    assert_made(ready, "--no-verify")


def test_commit_all_reads_the_index_that_git_makes_for_it(ready: Repo) -> None:
    ready.write(FILE, GOOD)
    ready.git("add", FILE)
    assert_made(ready)
    ready.write(FILE, BAD)
    assert_refused(ready, "--all")


def test_commit_of_a_path_reads_the_index_that_git_makes_for_it(ready: Repo) -> None:
    other = "migrations/20260102030406_add_items.sql"
    ready.write(other, BAD)
    ready.write(FILE, GOOD)
    ready.git("add", ".")
    assert_made(ready, "--", FILE)
    assert f"{other}:" in assert_refused(ready, "--", other)


@pytest.mark.parametrize(("staged", "left"), [(BAD, GOOD), (GOOD, BAD)])
def test_the_staged_text_is_judged_not_the_one_on_disk(ready: Repo, staged: str, left: str) -> None:
    ready.write(FILE, staged)
    ready.git("add", FILE)
    ready.write(FILE, left)
    (assert_refused if staged == BAD else assert_made)(ready)
    assert (ready.path / FILE).read_text() == left


def test_amending_is_judged(ready: Repo) -> None:
    ready.write(FILE, GOOD)
    ready.git("add", FILE)
    assert_made(ready)
    ready.write(FILE, BAD)
    ready.git("add", FILE)
    assert_refused(ready, "--amend")


def test_the_first_commit_of_a_repository_is_judged(repo: Repo, cli: Program) -> None:
    cli("install", cwd=repo.path)
    repo.write("migrate-hooks.toml", QUICK)
    repo.write(FILE, BAD)
    repo.git("add", ".")
    assert "sections/down-missing" in repo.git("commit", "-m", "first", check=False)
    assert repo.git("rev-parse", "--verify", "--quiet", "HEAD", check=False) == ""


def test_from_a_subfolder(ready: Repo) -> None:
    ready.write(FILE, BAD)
    ready.git("add", FILE)
    inside = Repo(ready.path / "migrations")
    assert_refused(inside)


def test_a_worktree(ready: Repo, tmp_path: Path) -> None:
    ready.git("worktree", "add", "--quiet", "-b", "work", str(tmp_path / "second"))
    second = Repo(tmp_path / "second")
    second.write(FILE, BAD)
    second.git("add", FILE)
    assert_refused(second)
    second.write(FILE, GOOD)
    assert_made(second, "--all")


def test_a_submodule(repo: Repo, cli: Program, tmp_path: Path) -> None:
    origin = repositories.new(tmp_path / "origin")
    origin.commit()
    repo.git("submodule", "--quiet", "add", str(origin.path), "inner")
    inner = prepare(Repo(repo.path / "inner"), cli)
    inner.write(FILE, BAD)
    inner.git("add", FILE)
    assert_refused(inner)
    inner.write(FILE, GOOD)
    assert_made(inner, "--all")


def test_an_empty_environment_as_in_a_graphical_client(ready: Repo) -> None:
    ready.git("config", "user.name", "Test Person")
    ready.git("config", "user.email", "test@example.invalid")
    ready.write(FILE, BAD)
    ready.git("add", FILE)
    done = subprocess.run(
        ["/usr/bin/env", "-i", f"PATH={os.defpath}", "git", "commit", "-m", "change"],
        cwd=ready.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "sections/down-missing" in done.stderr
    assert done.stdout == ""


def test_a_file_that_is_named_like_an_option(ready: Repo) -> None:
    ready.write("migrations/--help.sql", GOOD)
    ready.git("add", ".")
    is_made, said = commit(ready)
    assert not is_made
    assert "migrations/--help.sql:1:1" in said
    assert "Usage:" not in said


def test_what_lies_in_the_repository_is_not_run(ready: Repo) -> None:
    trap = "import pathlib\npathlib.Path('sprung').touch()\n"
    ready.write("migrate_hooks/__init__.py", trap)
    ready.write("migrate_hooks/__main__.py", trap)
    ready.write("click.py", trap)
    ready.write("subprocess.py", trap)
    ready.write(FILE, BAD)
    ready.git("add", ".")
    assert_refused(ready)
    assert not (ready.path / "sprung").exists()


def test_an_interpreter_in_a_folder_with_a_bad_name(ready: Repo, tmp_path: Path) -> None:
    bad = tmp_path / 'it\'s "my" $HOME'
    bad.symlink_to(sys.prefix)
    program = Program(ready.path)
    program.start = (str(bad / Path(sys.executable).relative_to(sys.prefix)), *Program.start[1:])
    assert program("install").code == 0
    assert "it'\"'\"'s" in (ready.path / ".git" / "hooks" / "pre-commit").read_text()
    ready.write(FILE, BAD)
    ready.git("add", FILE)
    assert_refused(ready)


def test_the_hook_that_was_there_runs_first_and_may_stop_it(repo: Repo, cli: Program) -> None:
    theirs = repo.write(".git/hooks/pre-commit", "#!/bin/sh\necho theirs\ntest ! -e stop\n")
    theirs.chmod(0o755)
    prepare(repo, cli)
    repo.write(FILE, BAD)
    repo.git("add", FILE)
    assert assert_refused(repo).startswith("theirs\n")
    repo.write("stop", "")
    is_made, said = commit(repo)
    assert not is_made
    assert "the hook that was here before migrate-hooks" in said
    assert "sections/down-missing" not in said


def test_after_uninstall_nothing_is_judged(ready: Repo, cli: Program) -> None:
    assert cli("uninstall", cwd=ready.path).code == 0
    ready.write(FILE, BAD)
    ready.git("add", FILE)
    assert_made(ready)
