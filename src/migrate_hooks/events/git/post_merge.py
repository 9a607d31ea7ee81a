"""post-merge: one argument, 1 when `git merge --squash` left the result uncommitted."""

from collections.abc import Sequence

from migrate_hooks.events.base import GitEvent
from migrate_hooks.model.trigger import Trigger


def read(args: Sequence[str], _stdin: bytes) -> Trigger:
    """Return the trigger of a finished merge."""
    return Trigger("post-merge", is_squash=list(args[:1]) == ["1"])


EVENT = GitEvent(
    name="post-merge",
    command="git merge",
    blocks=False,
    read=read,
    verbs=("post-merge",),
    summary="Tell which migrations a merge brought and where they are pending",
)
