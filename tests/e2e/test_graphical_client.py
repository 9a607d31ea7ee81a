"""Hooks as a graphical client runs them: no environment to speak of, nobody at the keyboard."""

import subprocess
from pathlib import Path

import pytest

from migrate_hooks.actions import install
from tests import repo as repositories
from tests.repo import Repo

BAD = "migrations/20260102030405_add_items.sql"


@pytest.fixture
def project(repo: Repo, tmp_path: Path) -> Repo:
    """A repository that knows its user itself, with a bad migration staged and a remote."""
    remote = repositories.new(tmp_path / "remote.git", "--bare")
    repo.git("remote", "add", "origin", str(remote.path))
    for name, value in (("name", "Test Person"), ("email", "test@example.invalid")):
        repo.git("config", f"user.{name}", value)
    repo.write("migrate-hooks.toml", "[lint]\nstyle = false\n")
    repo.write("migrations/20260101000000_first.sql", "-- UP Migration\nSELECT 1;\n")
    repo.commit("first")
    repo.git("push", "--quiet", "origin", "main:staging")
    install.run(repo.path)
    repo.write(BAD, "-- UP Migration\nCREATE TABLE public.items (id bigint PRIMARY KEY);\n")
    repo.git("add", BAD)
    return repo


def run(project: Repo, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of sh with nothing but the system's own PATH."""
    return subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=project.path,
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_an_empty_environment_hooks_run_and_speak_on_standard_error(project: Repo) -> None:
    done = run(project, "git commit -m bad")
    assert done.returncode == 1
    assert "sections/down-missing" in done.stderr
    assert done.stdout == ""
    closed = "<&- >&- 2>&-"
    assert run(project, f"git commit -m bad {closed}").returncode == 1
    project.git("commit", "--no-verify", "-m", "bad")
    done = run(project, "git push origin main:staging")
    assert done.returncode == 1
    assert "BLOCKED" in done.stderr
    assert done.stdout == ""
    assert run(project, f"git push origin main:staging {closed}").returncode == 1
