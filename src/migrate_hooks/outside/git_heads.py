"""Where HEAD stands: beside a branch of the remote, and in the middle of a merge."""

import os
from pathlib import Path

from migrate_hooks.outside import git

_MERGED = "GITHEAD_"


def tip(root: Path, branch: str) -> tuple[str, str] | None:
    """Return (short name, commit) of a branch: as origin has it, else as it is here, else None."""
    refs = (f"refs/remotes/origin/{branch}", f"refs/heads/{branch}")
    found = git.tips(root, refs)
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
