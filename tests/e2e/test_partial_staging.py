"""Must show: of a file that is staged in part, only the staged text is judged, on every road."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import repo as repositories
from tests.program import Program
from tests.repo import Repo

BIN = Path(sys.executable).parent
FILE = "migrations/20260102030405_add_orders.sql"
OTHER = "migrations/20260102030406_add_items.sql"
HEAD = "-- UP Migration\nCREATE TABLE public.orders (id bigint PRIMARY KEY);\n"
GOOD = f"{HEAD}\n-- DOWN Migration (rollback)\nDROP TABLE public.orders;\n"
# A second hunk, far enough from the first that git offers the two apart.
GAP = "".join(f"-- note {number}\n" for number in range(12))
LOSS = "DELETE FROM public.users;\n"
BOTH = GOOD.replace("\n\n", f"\n{GAP}{LOSS}\n", 1)

CONFIG = f"""\
repos:
  - repo: local
    hooks:
      - id: lint
        name: lint
        entry: "'{sys.executable}' -P -m migrate_hooks lint"
        language: system
        files: ^migrations/
        require_serial: true
"""


def native(repo: Repo) -> None:
    assert Program(repo.path)("install").code == 0


def through(name: str, repo: Repo) -> None:
    repo.write(".pre-commit-config.yaml", CONFIG)
    repo.git("add", ".pre-commit-config.yaml")
    repo.git("commit", "--quiet", "--message", "framework")
    env = {**os.environ, "PRE_COMMIT_HOME": str(repo.path.parent / "home")}
    subprocess.run([BIN / name, "install"], cwd=repo.path, env=env, check=True, capture_output=True)


@pytest.fixture(params=["native", "pre-commit", "prek"])
def ready(request: pytest.FixtureRequest, tmp_path: Path) -> Repo:
    """A repository with a first commit and one of the ways to be called at a commit."""
    repo = repositories.new(tmp_path / "repo")
    repo.write("migrate-hooks.toml", "[lint]\nstyle = false\n")
    repo.write("migrations/README.md", "One file a change.\n")
    repo.commit()
    if request.param == "native":
        native(repo)
    else:
        through(request.param, repo)
    return repo


def commit(repo: Repo) -> tuple[bool, str]:
    before = repo.git("rev-parse", "HEAD")
    said = repo.git("commit", "--message", "change", check=False)
    return repo.git("rev-parse", "HEAD") != before, said


def stage_hunks(repo: Repo, answers: str) -> None:
    """Stage with `git add --patch`, a "y" or "n" for each hunk in order."""
    subprocess.run(
        ["git", "add", "--patch", "--", FILE],
        cwd=repo.path,
        input="\n".join(answers) + "\n",
        text=True,
        capture_output=True,
        check=True,
    )


def test_the_hunk_that_is_not_staged_is_not_judged(ready: Repo) -> None:
    ready.write(FILE, GOOD.replace("\n\n", f"\n{GAP}\n", 1))
    ready.git("add", FILE)
    assert commit(ready)[0]
    first = "-- UP Migration\n-- The shop's orders\n"
    edited = (ready.path / FILE).read_text().replace("-- UP Migration\n", first)
    whole = edited.replace("-- note 11\n", f"-- note 11\n{LOSS}")
    ready.write(FILE, whole)
    stage_hunks(ready, "yn")
    made, said = commit(ready)
    assert made, said
    assert LOSS not in ready.git("show", f"HEAD:{FILE}")
    assert (ready.path / FILE).read_text() == whole
    stage_hunks(ready, "y")
    made, said = commit(ready)
    assert not made
    assert "data/delete-all" in said
    assert f"{FILE}:{whole[: whole.index(LOSS)].count(chr(10)) + 1}:1" in said


@pytest.mark.parametrize(("staged", "left"), [(GOOD, BOTH), (BOTH, GOOD)])
def test_the_text_of_the_index_decides(ready: Repo, staged: str, left: str) -> None:
    ready.write(FILE, staged)
    ready.git("add", FILE)
    ready.write(FILE, left)
    made, said = commit(ready)
    assert (made, "data/delete-all" in said) == (staged == GOOD, staged == BOTH), said
    assert (ready.path / FILE).read_text() == left


def test_a_file_that_is_not_staged_at_all_is_not_judged(ready: Repo) -> None:
    ready.write(FILE, GOOD)
    ready.git("add", FILE)
    ready.write(OTHER, HEAD)
    assert commit(ready)[0]
