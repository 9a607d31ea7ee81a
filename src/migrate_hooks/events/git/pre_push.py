"""pre-push: the remote as arguments, one line for every ref on standard input."""

import re
from collections.abc import Sequence

from migrate_hooks.errors import GitProblem
from migrate_hooks.events.base import GitEvent
from migrate_hooks.model.trigger import RefUpdate, Trigger

# SHA-1 has 40 digits, SHA-256 has 64.
_OID = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{64})\Z")


def read(args: Sequence[str], stdin: bytes) -> Trigger:
    """Return the trigger of a push; without a line there is nothing new to push.

    The second argument is the remote's URL. It may hold a password, so it is not even looked at.
    """
    # As bytes: a ref's name may contain what Unicode calls a space or the end of a line.
    updates = tuple(_update(line) for line in stdin.split(b"\n") if line.strip())
    return Trigger("pre-push", updates, _remote(args))


def _remote(args: Sequence[str]) -> str:
    """Return the remote's name; for one without a name git gives its URL, in which : stands."""
    return args[0] if args and ":" not in args[0] else ""


def _update(line: bytes) -> RefUpdate:
    # The local ref may be any revision that was typed, `HEAD~1` or `:/some words` too.
    parts = [part.decode("utf-8", "surrogateescape") for part in line.rsplit(maxsplit=3)]
    if len(parts) != 4 or not (_OID.match(parts[1]) and _OID.match(parts[3])):
        raise GitProblem(
            f"pre-push got a line that git does not write: {line!r}. So it is not known what this "
            "push would change.",
            "Give the hook the standard input of git unchanged: one line for every ref, "
            "`<local ref> <local oid> <remote ref> <remote oid>`.",
        )
    local_ref, local_oid, remote_ref, remote_oid = parts
    return RefUpdate(local_ref, _oid(local_oid), remote_ref, _oid(remote_oid))


def _oid(word: str) -> str | None:
    return word if word.strip("0") else None


EVENT = GitEvent(
    name="pre-push",
    command="git push",
    blocks=True,
    read=read,
    verbs=("pre-push",),
    summary="Compare what is pushed with the environment it deploys to",
    has_stdin=True,
    caveat="partial: only the first ref of a push, and never a deletion",
)
