"""Questions about git's history, through GitPython; not for the path that every commit takes."""

import os
from pathlib import Path

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # a missing git is reported by ourselves

import git
from git.exc import GitError

from migrate_hooks.model.history import Sighting


def find_version(root: Path, version: str) -> Sighting | None:
    """Return where a migration of that version lives on any branch, or None.

    Commits that only deleted the file do not count.
    """
    try:
        with git.Repo(root) as repo:
            pattern = f":(glob)**/{version}_*"
            found = repo.git.log("--all", "-1", "--format=%H", "--diff-filter=AMR", "--", pattern)
            return _sighting(repo, repo.commit(found), version) if found else None
    except (GitError, ValueError):
        return None


def _sighting(repo: git.Repo, commit: git.Commit, version: str) -> Sighting | None:
    names = [path for path in map(str, commit.stats.files) if f"{version}_" in path]
    listed = repo.git.branch("--all", "--contains", commit.hexsha, "--format=%(refname:short)")
    branches = tuple(name for name in str(listed).splitlines() if not name.startswith("("))
    author = str(commit.author.name or "")
    return Sighting(names[0] if names else "", commit.hexsha[:8], author, branches)


def count_commits(root: Path, old: str, new: str) -> int:
    """Return how many commits `new` has that `old` lacks."""
    with git.Repo(root) as repo:
        return sum(1 for _ in repo.iter_commits(f"{old}..{new}"))
