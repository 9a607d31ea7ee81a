"""pre-merge-commit: a merge without conflicts is about to be committed; the index holds it."""

from collections.abc import Sequence

from migrate_hooks.events.base import GitEvent
from migrate_hooks.model.trigger import Trigger


def read(_args: Sequence[str], _stdin: bytes) -> Trigger:
    """Return the trigger of a merge commit that is being made."""
    return Trigger("pre-merge-commit")


EVENT = GitEvent(
    name="pre-merge-commit",
    command="git merge",
    blocks=True,
    read=read,
    verbs=("merge-commit",),
    summary="Judge what a merge makes of the migrations of both sides",
)
