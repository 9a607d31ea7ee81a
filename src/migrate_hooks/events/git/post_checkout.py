"""post-checkout: the commits before and after, and 1 for a branch, 0 for single files."""

from collections.abc import Sequence

from migrate_hooks.events.base import GitEvent
from migrate_hooks.model.trigger import Trigger


def read(args: Sequence[str], _stdin: bytes) -> Trigger:
    """Return the trigger of a checkout; a clone and a new worktree come from no commit."""
    before, _, flag = (*args, "", "", "")[:3]
    deed = "files" if flag == "0" else "branch"
    return Trigger("post-checkout", before=before if before.strip("0") else None, deed=deed)


EVENT = GitEvent(
    name="post-checkout",
    command="git checkout",
    blocks=False,
    read=read,
    verbs=("post-checkout",),
    summary="Tell which migrations a checkout changed, and what your database has beyond them",
)
