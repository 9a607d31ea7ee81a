"""post-rewrite: what rewrote commits as argument, and on standard input each old and new one."""

from collections.abc import Sequence

from migrate_hooks.events.base import GitEvent
from migrate_hooks.model.trigger import Trigger


def read(args: Sequence[str], stdin: bytes) -> Trigger:
    """Return the trigger of an amended commit or a rebase; `before` is the last old commit.

    A hook manager may keep the commits to itself: then it is None.
    """
    old = [
        line.split()[0] for line in stdin.decode("ascii", "replace").splitlines() if line.strip()
    ]
    return Trigger("post-rewrite", before=old[-1] if old else None, deed=(*args, "rebase")[0])


EVENT = GitEvent(
    name="post-rewrite",
    command="git rebase",
    blocks=False,
    read=read,
    verbs=("post-rewrite",),
    summary="Tell which migrations a rebase brought and where they are pending",
    has_stdin=True,
)
