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


def test_a_fine_push_passes_and_says_what_it_deploys(shop: Shop) -> None:  # noqa: F811
    add_items(shop)
    went, printed = shop.push("dev")
    assert went, printed
    assert "dev (branch dev): passes; to be deployed: 20250102000000_create_items.sql" in printed


def test_one_push_of_several_refs_is_judged_per_ref(shop: Shop) -> None:  # noqa: F811
    """Must show 6. A table made by hand in dev is missing on staging: only staging is blocked."""
    add_items(shop)
    shop.repo.git("branch", "-f", "staging", "dev")
    shop.databases["dev"].run("CREATE TABLE by_hand (id int PRIMARY KEY)")
    went, printed = shop.push("dev", "staging")
    assert not went, "git pushes all refs or none"
    assert "dev (branch dev): passes" in printed
    assert "staging (branch staging): BLOCKED by 1 critical" in printed
    assert "public.by_hand" in printed
    assert "public.items" not in printed.replace("create_items", ""), "pending explains it"
    shop.databases["dev"].run("DROP TABLE by_hand")
    went, printed = shop.push("dev", "staging")
    assert went, printed


def test_the_pushed_commit_is_judged_and_not_the_working_tree(shop: Shop) -> None:  # noqa: F811
    """The bad file is only in the working tree; then only in the commit."""
    shop.repo.write(SECOND, "-- UP Migration\nDROP TABLE orders;\n")
    shop.repo.git("commit", "-q", "--allow-empty", "-m", "Nothing of it")
    went, printed = shop.push("dev")
    assert went, printed
    shop.repo.git("add", "migrations")
    shop.repo.git("commit", "-q", "--no-verify", "-m", "Bad")
    (shop.repo.path / SECOND).unlink()
    went, printed = shop.push("dev")
    assert not went
    assert "sections/down-missing" in printed


def test_the_remote_branch_decides_the_environment(shop: Shop) -> None:  # noqa: F811
    """A feature branch pushed to staging is judged as staging; under its own name it is not."""
    shop.repo.git("checkout", "-q", "-b", "feature/items")
    add_items(shop)
    shop.databases["dev"].run("CREATE TABLE by_hand (id int)")
    went, printed = shop.push("feature/items:refs/heads/staging")
    assert not went
    assert "staging (branch staging): BLOCKED" in printed
    went, printed = shop.push("feature/items")
    assert went
    assert "migrate-hooks" not in printed
    went, printed = shop.push("HEAD:dev")
    assert went, printed
    assert "dev (branch dev): passes" in printed


def test_an_edited_migration_that_was_applied_blocks(shop: Shop) -> None:  # noqa: F811
    file = next(shop.repo.path.glob("migrations/*.sql"))
    file.write_text(file.read_text().replace("note text", "note varchar(9)"))
    shop.repo.git("commit", "-q", "--no-verify", "-a", "-m", "Edit")
    went, printed = shop.push("dev")
    assert not went
    assert "status/changed" in printed
    assert "write what should change as a new migration" in printed


def test_a_comment_in_an_applied_migration_does_not_block(shop: Shop) -> None:  # noqa: F811
    file = next(shop.repo.path.glob("migrations/*.sql"))
    file.write_text("-- Orders, as the shop calls them\r\n" + file.read_text())
    shop.repo.git("commit", "-q", "--no-verify", "-a", "-m", "Comment")
    went, printed = shop.push("dev")
    assert went, printed


def test_a_version_without_a_file_blocks_and_is_found_in_git(shop: Shop) -> None:  # noqa: F811
    shop.repo.git("checkout", "-q", "-b", "feature/items")
    add_items(shop)
    assert shop.program("apply", "--env=dev").code == 0
    shop.repo.git("checkout", "-q", "dev")
    shop.repo.git("commit", "-q", "--allow-empty", "-m", "Other work")
    went, printed = shop.push("dev")
    assert not went
    assert "status/unknown" in printed
    assert "20250102000000" in printed
    assert "feature/items" in printed, "the branch that has the file is named"


def test_tags_deletions_and_nothing_to_push_pass_silently(shop: Shop) -> None:  # noqa: F811
    shop.repo.git("tag", "-a", "v1", "-m", "one")
    went, printed = shop.push("v1")
    assert went
    assert "migrate-hooks" not in printed
    _, printed = shop.push("dev")
    assert "BLOCKED" not in printed
    shop.repo.git("push", "-q", "origin", "dev:refs/heads/other")
    went, printed = shop.push(":other")
    assert went
    assert "migrate-hooks" not in printed


def test_a_deleted_environment_branch_is_said_and_not_judged(shop: Shop) -> None:  # noqa: F811
    went, printed = shop.push("--delete", "staging")
    assert went, printed
    assert "staging is deleted" in printed


def test_force_and_dry_run_pushes_are_judged_alike(shop: Shop) -> None:  # noqa: F811
    shop.databases["dev"].run("CREATE TABLE by_hand (id int)")
    shop.repo.git("checkout", "-q", "staging")
    shop.repo.git("commit", "-q", "--amend", "--allow-empty", "-m", "Rewritten")
    for words in (("--force", "staging"), ("--dry-run", "--force", "staging")):
        went, printed = shop.push(*words)
        assert not went
        assert "BLOCKED" in printed


def test_a_push_from_a_linked_worktree_is_judged(shop: Shop, tmp_path: Path) -> None:  # noqa: F811
    shop.repo.git("worktree", "add", "-q", str(tmp_path / "linked"), "staging")
    shop.databases["dev"].run("CREATE TABLE by_hand (id int)")
    linked = type(shop.repo)(tmp_path / "linked")
    for name, database in shop.databases.items():
        linked.write(f".env.{name}", f"DATABASE_URL={database.url}\n")
    linked.git("commit", "-q", "--allow-empty", "-m", "From the worktree")
    printed = linked.git("push", "origin", "staging", check=False)
    assert "staging (branch staging): BLOCKED" in printed


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
    assert "Drift not checked: view" in printed
    assert went == (branch == "staging")
