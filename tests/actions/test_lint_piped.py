"""`lint --stdin`: what an editor has not saved yet is judged where it will stand."""

import json

import pytest

from tests.program import Program
from tests.repo import Repo

OLD = "migrations/20260101000000_orders.sql"
NEW = "migrations/20260102030405_drop.sql"
DOWN = "-- DOWN: irreversible because of a test\n"


def test_a_text_is_judged_beside_the_files_that_are_there(cli: Program, repo: Repo) -> None:
    repo.write(OLD, f"-- UP Migration\nCREATE TABLE orders (id bigint PRIMARY KEY);\n{DOWN}")
    repo.commit()
    text = f"-- UP Migration\n\tTRUNCATE orders;\n{DOWN}"
    words = ("lint", "--stdin", "--path", NEW, "--no-style", "--format", "json")
    done = cli(*words, cwd=repo.path, stdin=text)
    assert done.code == 1, done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert finding["place"] == {"path": NEW, "line": 2, "column": 2}
    assert finding["excerpt"] == "\tTRUNCATE orders;"
    assert not (repo.path / NEW).exists()


def test_the_text_counts_and_not_what_is_saved(cli: Program, repo: Repo) -> None:
    repo.write(OLD, "CREATE TABEL orders;\n")
    text = f"-- UP Migration\nCREATE TABLE orders (id bigint PRIMARY KEY);\n{DOWN}"
    done = cli("lint", "--stdin", "--path", OLD, "--no-style", cwd=repo.path, stdin=text)
    assert done.code == 0, done.stdout
    again = cli("lint", "--stdin", "--path", OLD, "--no-style", cwd=repo.path, stdin="SELEC 1;\n")
    assert "structure/syntax" in again.stdout


def test_a_version_that_is_taken_is_found(cli: Program, repo: Repo) -> None:
    repo.write(OLD, "SELECT 1;\n")
    twin = OLD.replace("orders", "others")
    done = cli("lint", "--stdin", "--path", twin, "--no-style", cwd=repo.path, stdin="SELECT 1;\n")
    assert "naming/duplicate-version" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--stdin",),
        ("--path", NEW),
        ("--stdin", "--path", NEW, "--all"),
        ("--stdin", "--path", NEW, OLD),
    ],
)
def test_stdin_and_path_belong_together_and_alone(
    cli: Program, repo: Repo, words: tuple[str, ...]
) -> None:
    done = cli("lint", *words, cwd=repo.path)
    assert done.code == 2
    assert "--stdin and --path NAME belong together" in done.stderr
