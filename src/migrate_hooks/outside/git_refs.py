"""Where refs stand: those that are asked for, or all of a repository at once."""

from collections.abc import Iterable
from pathlib import Path

from migrate_hooks.outside import git


def tips(root: Path, refs: Iterable[str]) -> dict[str, str]:
    """Return {ref: commit} of those of the full names "refs/heads/x" that exist; one process."""
    wanted = tuple(refs)
    return {ref: commit for ref, commit in _read(root, *wanted).items() if ref in wanted}


def every(root: Path) -> dict[str, str]:
    """Return {full name: object} of branches, remote branches and tags; one process."""
    return _read(root)


def _read(root: Path, *patterns: str) -> dict[str, str]:
    out = git.tell(root, "for-each-ref", "--format=%(objectname) %(refname)", "--", *patterns)
    found = (line.partition(" ") for line in out.splitlines())
    return {ref: name for name, _, ref in found}
