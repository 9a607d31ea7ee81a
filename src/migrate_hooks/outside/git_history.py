"""Questions about git's history, through GitPython; not for the path that every commit takes."""

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")  # a missing git is reported by ourselves

import git
from git.exc import GitError

from migrate_hooks.model.history import Sighting

_PATIENCE = 5
"""Seconds: a history that takes longer to walk is not worth a command's wait."""

_TEXTS = 50
"""How many earlier texts of a file are looked at, the newest first."""


def find_versions(root: Path, versions: Sequence[str]) -> dict[str, Sighting] | None:
    """Return where migrations of these versions live on any branch; None when git cannot say.

    Commits that only deleted the file do not count. One walk through the history answers for all.
    """
    patterns = [
        f":(glob)**/{_literal(version)}{rest}" for version in versions for rest in ("_*", "/*.sql")
    ]
    words = ("--all", "--format=%x01%H", "--name-only", "--diff-filter=AMR", "-z", "--", *patterns)
    try:
        with git.Repo(root) as repo:
            told = str(repo.git.log(*words, kill_after_timeout=_PATIENCE))
            found: dict[str, Sighting] = {}
            for commit, path in _touched(told):
                for version in versions:
                    if version not in found and _is_of(path, version):
                        found[version] = _sighting(repo, commit, path)
            return found
    except (GitError, ValueError):
        return None


def _literal(version: str) -> str:
    return re.sub(r"([*?\[\]\\])", r"\\\1", version)


def _touched(told: str) -> Iterator[tuple[str, str]]:
    """Yield (commit, path) of a log with names, newest first."""
    for block in told.split("\x01")[1:]:
        commit, *paths = re.split(r"[\0\n]+", block)
        yield from ((commit, path) for path in paths if path)


def _is_of(path: str, version: str) -> bool:
    folder, _, name = path.rpartition("/")
    return name.startswith(f"{version}_") or folder.rpartition("/")[2] == version


def _sighting(repo: git.Repo, commit: str, path: str) -> Sighting:
    words = ("--all", "--contains", commit, "--format=%(refname:short)")
    listed = repo.git.branch(*words, kill_after_timeout=_PATIENCE)
    branches = tuple(name for name in str(listed).splitlines() if not name.startswith("("))
    author = str(repo.commit(commit).author.name or "")
    return Sighting(path, commit[:8], author, branches)


def find_text(root: Path, path: str, sha256: str) -> tuple[Sighting, str] | None:
    """Return the newest commit with a text of `path` that has this SHA-256, and the text.

    Either kind of line ends will do. None when git has none, or cannot say in time.
    """
    words = ("--all", f"-{_TEXTS}", "--format=%H", "--diff-filter=AMR", "--", f":(literal){path}")
    try:
        with git.Repo(root) as repo:
            for commit in str(repo.git.log(*words, kill_after_timeout=_PATIENCE)).split():
                data = repo.commit(commit).tree.join(path).data_stream.read()
                lines = data.replace(b"\r\n", b"\n")
                forms = (data, lines, lines.replace(b"\n", b"\r\n"))
                if sha256 in (hashlib.sha256(form).hexdigest() for form in forms):
                    return _sighting(repo, commit, path), lines.decode()
    except (GitError, ValueError, KeyError):
        return None
    return None
