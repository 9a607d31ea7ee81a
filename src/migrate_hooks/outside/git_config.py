"""git's version, and the sections of a repository's own configuration."""

import re
from pathlib import Path

from migrate_hooks.outside import git


def version(root: Path) -> tuple[int, int]:
    """Return the first two numbers of the version of git that answers in `root`."""
    found = re.search(r"(\d+)\.(\d+)", git.tell(root, "version"))
    return (int(found[1]), int(found[2])) if found else (0, 0)


def local(root: Path, prefix: str) -> dict[str, str]:
    """Return the keys of the repository's own configuration that start with `prefix`."""
    words = ("config", "--local", "--null", "--get-regexp", f"^{re.escape(prefix)}")
    pairs = (one.partition("\n") for one in git.text(git.ask(root, *words).stdout).split("\0"))
    return {name: value for name, _, value in pairs if name}


def write(root: Path, name: str, value: str) -> None:
    """Set one key of the repository's own configuration."""
    git.tell(root, "config", "--local", name, value)


def remove_section(root: Path, section: str) -> None:
    """Take a whole section out of the repository's own configuration."""
    git.tell(root, "config", "--local", "--remove-section", section)
