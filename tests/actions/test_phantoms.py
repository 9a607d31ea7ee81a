"""What is said of migrations that a database has applied and no file here has."""

from collections.abc import Sequence

import pytest

from migrate_hooks.actions import phantoms, sources
from migrate_hooks.config.load import load
from migrate_hooks.config.targets import environment
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.model.finding import Finding
from migrate_hooks.model.history import Applied
from migrate_hooks.model.migration import Version
from tests.repo import Repo

LEFT = [f"2026010{day}000000" for day in range(2, 6)]


@pytest.fixture
def places(repo: Repo) -> Repo:
    """Branch main has one migration, branch feature four more; main is checked out."""
    write(repo, "20260101000000", "SELECT 1;\n")
    repo.commit()
    repo.git("checkout", "-q", "-b", "feature")
    for version in LEFT:
        write(repo, version, "SELECT 1;\n" if version != LEFT[0] else "")
    repo.commit()
    repo.git("checkout", "-q", "main")
    return repo


def write(repo: Repo, version: str, down: str) -> None:
    text = f"-- UP Migration\nSELECT {version};\n-- DOWN Migration\n{down}"
    repo.write(f"migrations/{version}_x.sql", text)


def found(repo: Repo, versions: Sequence[str], before: str | None = None) -> tuple[Finding, ...]:
    settings = load(repo.path, None, {})
    rows = [Applied(Version((int(one),), one), "x") for one in ("20260101000000", *versions)]
    entries = reconcile("dev", sources.from_worktree(settings).migrations, rows)
    return phantoms.findings(settings, environment(settings, "dev"), entries, before)


def test_nothing_is_left_over(places: Repo) -> None:
    assert found(places, ()) == ()


@pytest.mark.parametrize("is_known", [True, False])
def test_few_are_fetched_from_where_git_has_them(places: Repo, is_known: bool) -> None:
    """From the commit that was left, and without one from whatever branch of history has them."""
    before = places.git("rev-parse", "feature") if is_known else None
    (one,) = found(places, LEFT[2:], before)
    new, old = (f"migrations/{version}_x.sql" for version in reversed(LEFT[2:]))
    assert f"git restore --source=feature -- {new} {old} && " in one.hint
    steps = one.hint.index(f"--migration={LEFT[3]}"), one.hint.index(f"--migration={LEFT[2]}")
    assert steps[0] < steps[1], "newest first"


def test_many_are_taken_back_from_their_branch(places: Repo) -> None:
    places.git("checkout", "-q", "feature")
    write(places, LEFT[0], "SELECT 1;\n")
    places.commit()
    places.git("checkout", "-q", "main")
    (one,) = found(places, LEFT, places.git("rev-parse", "feature"))
    assert (
        "git checkout feature && migrate-hooks rollback --env=dev --to=20260101000000" in one.hint
    )


def test_a_file_that_nobody_here_has_is_to_be_asked_for(places: Repo) -> None:
    (one,) = found(places, ["20260106000000"], places.git("rev-parse", "feature"))
    assert "no commit of this clone does" in one.hint


def test_without_a_down_that_is_said(places: Repo) -> None:
    (one,) = found(places, LEFT[:1], places.git("rev-parse", "feature"))
    assert "its file has no DOWN (git show feature:migrations/" in one.hint
    assert "rollback" not in one.hint


def test_another_environments_branch_needs_a_word(places: Repo) -> None:
    places.git("checkout", "-q", "-b", "staging")
    (one,) = found(places, LEFT[3:], places.git("rev-parse", "feature"))
    assert f"--migration={LEFT[3]} --allow=branch" in one.hint
