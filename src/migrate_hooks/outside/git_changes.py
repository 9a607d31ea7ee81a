"""What stands between the working tree and the index, and moving a file in both at once."""

from pathlib import Path

from migrate_hooks.outside import git


def partly_staged(root: Path) -> frozenset[str]:
    """Return the paths that have staged changes and, on top of them, others that are not."""
    if git.find_root(root) is None:
        return frozenset()
    words = ("diff", "--name-only", "-z", "--no-renames")
    changed = (git.tell(root, *words, *more) for more in ((), ("--cached",)))
    unstaged, staged = (frozenset(filter(None, out.split("\0"))) for out in changed)
    return unstaged & staged


def move(root: Path, old: str, new: str) -> None:
    """Rename a tracked file in the working tree and the index; raises GitProblem."""
    git.tell(root, "mv", "--", old, new)
