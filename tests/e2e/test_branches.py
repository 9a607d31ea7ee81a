"""What git does to a branch and what is said of it, with real git and the real hooks.

A row is a situation: commands in a repository with three branches, and the lines that the hooks say
during the last of them. No environment has a database there; those tests come after the table.
"""

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from migrate_hooks.actions import aftermath
from migrate_hooks.actions.came import Came
from migrate_hooks.config.load import load
from migrate_hooks.model.report import Outcome
from migrate_hooks.model.settings import PushSettings
from migrate_hooks.outside.git import FileChange
from tests import repo as repositories
from tests.e2e.shop import ITEMS, SECOND, Shop, on_path, shop  # noqa: F401 - a fixture
from tests.program import Program
from tests.repo import Repo

FIRST, THEIRS, MINE = (f"migrations/2026010{number}000000_{number}.sql" for number in (1, 2, 3))
THIRD = "migrations/20250103000000_create_x.sql"


def migration(up: str, down: str) -> str:
    return f"-- UP Migration\n{up};\n-- DOWN Migration\n{down};\n"


def table(name: str) -> str:
    return migration(f"CREATE TABLE {name} (id int)", f"DROP TABLE {name}")


def column(name: str) -> str:
    return migration(f"ALTER TABLE a ADD {name} int", f"ALTER TABLE a DROP {name}")


@pytest.fixture(scope="module")
def prototype_repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Branches trunk, theirs (one migration more) and mine (another one), which is checked out."""
    repo = repositories.new(tmp_path_factory.mktemp("branches") / "here", "-b", "trunk")
    repo.write(FIRST, table("a"))
    repo.commit("First")
    repo.git("checkout", "-q", "-b", "theirs")
    repo.write(THEIRS, column("b"))
    repo.commit("Theirs")
    repo.git("checkout", "-q", "-b", "mine", "trunk")
    repo.write(MINE, column("c"))
    repo.commit("Mine")
    assert Program(repo.path)("install").code == 0
    return repo


CAME = f"brought 1 migration file: new {Path(THEIRS).name}."
MERGED, REBASED = f"This merge {CAME}", f"This rebase {CAME}"
SWITCHED = (
    f"This checkout changed 2 migration files: new {Path(THEIRS).name}, deleted {Path(MINE).name}."
)
NEW = f"This checkout brought 1 migration file: new {Path(FIRST).name}."
SITUATIONS = {
    "a merge": ("git merge -q --no-edit theirs", MERGED),
    "a squash": ("git merge -q --squash theirs", MERGED),
    "a fast-forward": ("quiet checkout -q trunk; git merge -q --ff-only theirs", MERGED),
    "a merge of nothing": (
        "quiet checkout -q trunk; quiet commit -q --allow-empty -m x; quiet checkout -q mine; "
        "git merge -q --no-edit trunk",
        "This merge brought no migrations.",
    ),
    "a rebase": ("git rebase -q theirs", REBASED),
    "a rebase by patches": ("git rebase -q --apply theirs", REBASED),
    "a rebase that only goes forward": (
        "quiet checkout -q trunk; git rebase -q theirs",
        REBASED,
    ),
    "pull --rebase": ("git pull -q --rebase . theirs", REBASED),
    "a rebase whose last commit is there already": (
        "quiet cherry-pick theirs; git rebase -q theirs",
        "This rebase brought no migrations.",
    ),
    "an amended message": ("git commit -q --no-verify --amend -m other", ""),
    "an amended migration": (
        f"echo '-- more' >> {MINE}; git commit -qa --no-verify --amend -m other",
        f"This amended commit changed 1 migration file: edited {Path(MINE).name}.",
    ),
    "a file": (f"git checkout -q theirs -- {THEIRS}", ""),
    "a branch": ("git switch -q theirs", SWITCHED),
    "no branch": ("git checkout -q --detach theirs", SWITCHED),
    "a new branch": ("git checkout -q -b new", "This checkout changed no migrations."),
    "a worktree": ("git worktree add -q ../beside trunk", NEW),
    "a clone": (
        "mkdir -p ../with/hooks; cp .git/hooks/post-checkout ../with/hooks;"
        "git clone -q -b trunk --template=../with . ../clone",
        NEW,
    ),
    "no migrations": (
        "quiet rm -qr migrations; quiet commit -q -m none; git checkout -q -b none",
        "",
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_git_did_is_said_once(prototype_repo: Repo, tmp_path: Path, situation: str) -> None:
    script, line = SITUATIONS[situation]
    here = tmp_path / "here"
    shutil.copytree(prototype_repo.path, here)
    said = _stderr(here, script)
    assert [one for one in said.splitlines() if one.startswith("This ")] == [line] * bool(line)
    assert (line == "") is ("migrate-hooks" not in said and "This" not in said), said


def _stderr(folder: Path, script: str) -> str:
    done = subprocess.run(
        ["bash", "-ec", f'quiet() {{ git -c core.hooksPath=/dev/null "$@"; }}\n{script}'],
        cwd=folder,
        env={**os.environ, "PATH": on_path()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done
    return done.stderr


def test_a_phantom_is_taken_back_by_the_words_that_are_said(shop: Shop) -> None:  # noqa: F811
    """The developer's database has applied what only another branch has; and of two, both go."""
    shop.repo.git("checkout", "-q", "-b", "feature/x")
    for path, name in ((SECOND, "items"), (THIRD, "x")):
        shop.repo.write(path, table(name))
    shop.repo.commit("Two", "--no-verify")
    assert shop.program("apply", "--env=dev").code == 0
    printed = shop.repo.git("checkout", "-q", "dev")
    assert printed.count("status/phantom") == 1
    assert f"git show feature/x:{THIRD}" in printed
    (words,) = re.findall(r"(git restore .*?)\s*\(to read", printed)
    _stderr(shop.repo.path, words)
    assert shop.repo.git("status", "--porcelain") == ""
    tables = shop.databases["dev"].run("SELECT to_regclass('items'), to_regclass('x')")
    assert tables == [(None, None)]


def test_a_late_file_may_be_restamped_until_origin_has_it(shop: Shop) -> None:  # noqa: F811
    shop.repo.write(THIRD, table("x"))
    shop.repo.commit("X", "--no-verify")
    assert shop.program("apply", "--env=dev").code == 0
    shop.repo.git("checkout", "-q", "-b", "late")
    shop.repo.write(SECOND, ITEMS)
    shop.repo.commit("Items", "--no-verify")
    shop.repo.git("checkout", "-q", "dev")
    assert f"migrate-hooks restamp {SECOND}" in shop.repo.git("merge", "late")
    shop.repo.write(SECOND.replace("02000000", "02000001"), table("y"))
    shop.repo.commit("Y", "--no-verify")
    shop.repo.git("push", "-q", "--no-verify", "origin", "dev")
    shop.repo.git("checkout", "-q", "HEAD~1")
    printed = shop.repo.git("checkout", "-q", "dev")
    assert "apply --env=dev --allow=out-of-order" in printed
    assert "So is 20250102000001_create_items.sql." in printed, "two are one finding"
    assert "restamp" not in printed


@pytest.mark.parametrize("words", ["merge -q --no-edit theirs", "rebase -q theirs"])
def test_two_sides_about_one_table_are_to_be_tried(
    prototype_repo: Repo, tmp_path: Path, words: str
) -> None:
    """The revisions that are said are the two sides as they were."""
    shutil.copytree(prototype_repo.path, tmp_path / "here")
    repo = Repo(tmp_path / "here")
    sides = [repo.git("rev-parse", "--short=12", one) for one in ("theirs", "mine")]
    printed = _stderr(repo.path, f"git {words}")
    assert "3.sql of yours and 20260102000000_2.sql, which came, are both about a." in printed
    assert re.findall(r"--(?:base|head)=(\w+)", printed) == sides


def test_what_does_not_answer_in_time_is_said(repo: Repo) -> None:
    repo.git("checkout", "-q", "-b", "dev")
    repo.write(".env.dev", "DATABASE_URL=postgresql://u:canary-password@127.0.0.1:1/gone\n")
    repo.write(FIRST, table("a"))
    settings = replace(load(repo.path, None, {}), push=PushSettings(budget=0))
    came = Came("merge", "HEAD", None, (FileChange("A", FIRST),))
    report = aftermath.report(settings, "post-merge", came, lambda _: None)
    assert report.outcome is Outcome.UNCHECKED
    assert "dev was NOT CHECKED: it did not answer within 0 s." in report.notes[1]
