"""A real git repository to play with."""

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Repo:
    """A repository whose worktree is `path`; every method runs the real git."""

    path: Path

    def git(self, *words: str, check: bool = True) -> str:
        """Run git here and return what it printed, stdout before stderr, without the last newline.

        Raises AssertionError with git's own words when it fails and `check` is on.
        """
        done = subprocess.run(
            ["git", *words], cwd=self.path, capture_output=True, text=True, check=False
        )
        printed = done.stdout + done.stderr
        assert not check or done.returncode == 0, f"git {' '.join(words)}: {printed}"
        return printed.rstrip("\n")

    def write(self, path: str, text: str | bytes) -> Path:
        """Write a file of the worktree, with its folders, newlines exactly as given."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def commit(self, message: str = "work", *words: str) -> str:
        """Commit everything in the worktree and return the new commit's oid."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message, *words)
        return self.git("rev-parse", "HEAD")


def new(path: Path, *words: str) -> Repo:
    """Make `path` a repository; `words` go to `git init` (for example "--bare")."""
    path.mkdir(parents=True, exist_ok=True)
    repo = Repo(path)
    repo.git("init", "--quiet", *words)
    return repo
