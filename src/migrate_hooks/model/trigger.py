"""What git told a hook."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """One line of pre-push's standard input; an oid is None where git wrote zeros."""

    local_ref: str
    local_oid: str | None
    remote_ref: str
    remote_oid: str | None


@dataclass(frozen=True, slots=True)
class Trigger:
    """A hook run: its name, the refs it is about, the remote's name, whether a merge squashed."""

    hook: str
    updates: tuple[RefUpdate, ...] = ()
    remote: str = ""
    is_squash: bool = False
