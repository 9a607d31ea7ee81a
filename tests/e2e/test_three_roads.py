"""The same content gives the same findings at the commit, at the push and in CI."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests import repo as repositories
from tests.program import Program
from tests.repo import Repo

FIRST = "migrations/20260101000000_create_orders.sql"
SECOND = "migrations/20260102000000_create_items.sql"
THIRD = "migrations/20260103000000_create_tags.sql"
TABLE = "-- Up\nCREATE TABLE {0} (id bigint PRIMARY KEY);\n-- Down\nDROP TABLE {0};\n"
WAIVER = "-- migrate-hooks: ignore data/delete-all because the table is a cache\n"
CHANGE = {
    "20260110000000_index.sql": "-- Up\nSELECT 1;\n  CREATE INDEX a ON orders (id);\n",
    "20260111000000_drop.sql": "-- Up\nALTER TABLE orders DROP COLUMN id;\n-- Down\nSELECT 1;\n",
    "20260112000000_new.sql": TABLE.format("fresh"),
    "20260113000000_fresh.sql": "-- Up\nCREATE INDEX b ON fresh (id);\n-- Down\nDROP INDEX b;\n",
    "20260114000000_broken.sql": "-- Up\nCREATE TABEL t ();\n",
    "20260115000000_waived.sql": f"-- Up\n{WAIVER}DELETE FROM tags;\n-- Down\nSELECT 1;\n",
    "20260116000000_idle.sql": f"{WAIVER}\n{TABLE.format('idle')}",
    "20260102120000_late.sql": TABLE.format("late"),
    "20260103000000_twin.sql": TABLE.format("twin"),
    "20260117000000_known.sql": "-- Up\nCREATE INDEX c ON orders (id);\n",
    "Bad name.sql": TABLE.format("bad"),
    "20260118000000_uses.sql": TABLE.format("uses") + "-- Up\nINSERT INTO later VALUES (1);\n",
    "20260119000000_later.sql": TABLE.format("later"),
    "20260120000000_latin.sql": "SELECT 'é';\n",
}
CONFIG = '[lint]\nbaseline = "known.jsonl"\n'


@pytest.fixture
def work(repo: Repo, tmp_path: Path) -> Repo:
    """A clone on branch feature whose change, all of it staged, has findings of every kind."""
    remote = repositories.new(tmp_path / "remote.git", "--bare")
    repo.git("remote", "add", "origin", str(remote.path))
    repo.write("migrate-hooks.toml", CONFIG)
    for path, table in ((FIRST, "orders"), (SECOND, "items"), (THIRD, "tags")):
        repo.write(path, TABLE.format(table))
    repo.git("checkout", "--quiet", "-b", "dev")
    repo.commit()
    repo.git("push", "--quiet", "origin", "dev")
    repo.git("checkout", "--quiet", "-b", "feature")
    for name, text in CHANGE.items():
        repo.write(f"migrations/{name}", text.encode("latin-1" if "latin" in name else "utf-8"))
    repo.write(FIRST, TABLE.format("orders").replace("bigint", "uuid"))
    repo.git("rm", "--quiet", SECOND)
    known = str(repo.path / "migrations/20260117000000_known.sql")
    assert Program(repo.path)("lint", known, "--no-style", "--baseline", "write").code == 0
    repo.git("add", "--all")
    return repo


def found(printed: str) -> list[tuple[Any, ...]]:
    """Return what a JSON report says about files, but not about their style."""
    rows = []
    for one in json.loads(printed)["findings"]:
        place = one["place"] or {}
        if "path" in place and not (one["code"] + one["message"]).startswith("sqlfluff/"):
            at = (place["path"], place["line"], place["column"])
            rows.append((*at, one["code"], one["severity"], one["excerpt"]))
    return sorted(rows)


def test_a_commit_a_push_and_ci_find_the_same(work: Repo, tmp_path: Path) -> None:
    program = Program(work.path)
    at_commit = found(program("hook", "--format=json", "pre-commit").stdout)
    before = work.git("rev-parse", "origin/dev")
    commit = work.commit("all of it", "--no-verify")
    line = f"refs/heads/feature {commit} refs/heads/dev {before}\n"
    (work.path / "migrate-hooks.toml").write_text(CONFIG)
    at_push = found(
        program("hook", "--format=json", "pre-push", "origin", "url", stdin=line).stdout
    )
    work.git("push", "--quiet", "--no-verify", "origin", "feature")
    clone = tmp_path / "ci"
    work.git("clone", "--quiet", work.git("remote", "get-url", "origin"), str(clone))
    ci = Repo(clone)
    ci.git("checkout", "--quiet", "--detach", "origin/feature")
    assert at_push == at_commit
    for words in ((), ("--since", "origin/dev")):
        assert found(Program(clone)("lint", "--format=json", *words).stdout) == at_commit
    assert {one[3] for one in at_commit} >= {
        "baseline/known",
        "data/drop-column",
        "locks/index-build",
        "naming/duplicate-version",
        "naming/file-name",
        "order/deleted",
        "order/edited",
        "order/out-of-order",
        "sections/down-missing",
        "structure/not-text",
        "structure/syntax",
        "waiver/applied",
        "waiver/unused",
    }
