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
    """A hook run: its name, the refs it is about, the remote's name, whether a merge squashed.

    `before` is the commit that HEAD was at, None where there was none or git does not say. `deed`
    is what moved it, where the hook's name does not tell: "amend" or "rebase"; of a checkout
    "branch" or "files".
    """

    hook: str
    updates: tuple[RefUpdate, ...] = ()
    remote: str = ""
    is_squash: bool = False
    before: str | None = None
    deed: str = ""
