"""The gate at `git push`, with real git, a real remote and real databases."""

import json
from pathlib import Path

import pytest

from tests import repo as repositories
from tests.e2e.shop import ITEMS, SECOND, Shop, shop  # noqa: F401 - a fixture
from tests.program import Program
from tests.repo import Repo


def add_items(shop: Shop, message: str = "Items") -> str:  # noqa: F811
    shop.repo.write(SECOND, ITEMS)
    return shop.repo.commit(message)


def test_a_database_that_does_not_answer_is_never_called_clean(shop: Shop) -> None:  # noqa: F811
    shop.repo.git("commit", "-q", "--allow-empty", "-m", "Work")
    shop.unplug("dev")
    went, printed = shop.push("dev")
    assert went, "dev only warns"
    assert "NOT CHECKED: dev (1 warning)" in printed
    assert "clean" not in printed
    assert "canary-password" not in printed
    shop.unplug("production")
    shop.repo.git("checkout", "-q", "main")
    shop.repo.git("commit", "-q", "--allow-empty", "-m", "Release")
    went, printed = shop.push("main")
    assert not went, "a protected environment blocks"
    assert "NOT CHECKED" in printed


def test_an_environment_that_nobody_configured_does_not_block(shop: Shop) -> None:  # noqa: F811
    (shop.repo.path / ".env.production").unlink()
    shop.repo.git("checkout", "-q", "main")
    shop.repo.git("commit", "-q", "--allow-empty", "-m", "Release")
    went, printed = shop.push("main")
    assert went, printed
    assert "NOT CHECKED" in printed
    assert "DATABASE_URL_PRODUCTION" in printed


@pytest.mark.parametrize("oid", ["0" * 40, "0" * 64])
def test_the_hook_reads_what_git_writes_also_with_sha256(shop: Shop, oid: str) -> None:  # noqa: F811
    """A new branch has an all-zero remote oid, of either length."""
    head = add_items(shop)
    line = f"HEAD {head} refs/heads/dev {oid}\n"
    hook = Program(shop.repo.path)
    done = hook("hook", "--format=json", "pre-push", "origin", "../remote.git", stdin=line)
    report = json.loads(done.stdout)
    assert (done.code, report["outcome"]) == (0, "clean"), done
    assert "create_items" in report["notes"][0]


def test_a_repository_without_migrations_is_left_alone(repo: Repo, tmp_path: Path) -> None:
    remote = repositories.new(tmp_path / "remote.git", "--bare")
    repo.git("remote", "add", "origin", str(remote.path))
    assert Program(repo.path)("install").code == 0
    repo.write("README.md", "words")
    repo.commit()
    assert "migrate-hooks" not in repo.git("push", "origin", "main")


def test_links_and_deep_folders_of_a_commit_are_read_as_apply_reads_them(
    shop: Shop,  # noqa: F811
) -> None:
    """A link inside the repository is followed; what lies too deep for apply is not pending."""
    shop.repo.write("sql/items.sql", ITEMS)
    (shop.repo.path / SECOND).symlink_to("../sql/items.sql")
    shop.repo.write("migrations/old/2020/20200101000000_ancient.sql", ITEMS)
    shop.repo.commit("A link", "--no-verify")
    went, printed = shop.push("dev")
    assert went, printed
    assert "to be deployed: 20250102000000_create_items.sql" in printed
    assert "ancient" not in printed
    (shop.repo.path / SECOND).unlink()
    (shop.repo.path / SECOND).symlink_to("/etc/hostname")
    shop.repo.commit("A link that leads out", "--no-verify")
    went, printed = shop.push("dev")
    assert not went, printed
    assert "structure/not-text" in printed


@pytest.mark.parametrize(("branch", "locked"), [("main", "production"), ("staging", "dev")])
def test_what_could_not_be_read_for_drift_blocks_where_that_is_wanted(
    shop: Shop,  # noqa: F811
    branch: str,
    locked: str,
) -> None:
    """Somebody holds a view, so it cannot be read: production insists, staging warns."""
    shop.databases[locked].run("CREATE VIEW held AS SELECT 1 AS one")
    shop.repo.git("checkout", "-q", branch)
    shop.repo.git("commit", "-q", "--allow-empty", "-m", "Work")
    with shop.databases[locked].connect() as other, other.transaction():
        other.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        went, printed = shop.push(branch)
    assert "NOT CHECKED" in printed, printed
    assert "not checked: view" in printed
    assert went == (branch == "staging")
