"""pre-commit: git says nothing, the index says it all."""

from collections.abc import Sequence

from migrate_hooks.events.base import GitEvent
from migrate_hooks.model.trigger import Trigger


def read(_args: Sequence[str], _stdin: bytes) -> Trigger:
    """Return the trigger of a commit that is being made."""
    return Trigger("pre-commit")


EVENT = GitEvent(
    name="pre-commit",
    command="git commit",
    blocks=True,
    read=read,
    verbs=("lint",),
    summary="Judge the migrations that are being committed",
    by_file=True,
)
