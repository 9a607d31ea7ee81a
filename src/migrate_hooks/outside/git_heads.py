"""Where HEAD stands and stood: beside a branch of the remote, in a merge, in a rebase."""

import os
from pathlib import Path

from migrate_hooks.outside import git, git_refs

_MERGED = "GITHEAD_"
_REBASE = "(start): checkout"
"""What git notes of HEAD when a rebase begins, also for `git pull --rebase`."""


def tip(root: Path, branch: str) -> tuple[str, str] | None:
    """Return (short name, commit) of a branch: as origin has it, else as it is here, else None."""
    refs = (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}")
    found = git_refs.tips(root, refs)
    names = {refs[0]: f"origin/{branch}", refs[1]: branch}
    return next(((names[ref], found[ref]) for ref in refs if ref in found), None)


def distance(root: Path, one: str, other: str) -> tuple[int, int]:
    """Return how many commits `one` has that `other` lacks, and the other way round."""
    said = git.tell(root, "rev-list", "--left-right", "--count", f"{one}...{other}")
    more, less = said.split()
    return int(more), int(less)


def merged(root: Path) -> tuple[str, ...]:
    """Return the commits that a merge under way brings; none when there is no merge.

    pre-merge-commit runs before MERGE_HEAD is written: git tells it by variables.
    """
    told = [name.removeprefix(_MERGED) for name in os.environ if name.startswith(_MERGED)]
    if told:
        return tuple(told)
    found = git.resolve(root, "MERGE_HEAD")
    return (found,) if found else ()


def is_rebasing(root: Path) -> bool:
    """Return whether the last thing that moved HEAD was the beginning of a rebase."""
    said = git.ask(root, "log", "-g", "-1", "--format=%gs", "HEAD")
    return _REBASE in git.text(said.stdout)


def rebased_onto(root: Path) -> str | None:
    """Return the commit on which the last rebase began, None where git keeps no note of it."""
    words = ("-g", "-1", f"--grep-reflog={_REBASE}", "--fixed-strings", "--format=%H", "HEAD")
    return git.text(git.ask(root, "log", *words).stdout).strip() or None


def name_of(root: Path, commit: str) -> str:
    """Return a branch of this clone that stands at a commit, else the short oid."""
    words = (f"--points-at={commit}", "--format=%(refname:short)", "refs/heads")
    found = git.text(git.ask(root, "for-each-ref", *words).stdout).split()
    return found[0] if found else commit[:8]
