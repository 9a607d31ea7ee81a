"""What our own tables beside a ledger hold."""

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """Whether our tables can be written: there, to be made, or out of this role's reach."""

    READY = "ready"
    MISSING = "missing"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Identity:
    """Which database of which server an environment's name was recorded for.

    `system_identifier` is the server's own, None where it may not be asked; the last three are
    None for what was found and not recorded yet.
    """

    system_identifier: str | None
    database: str
    environment: str | None = None
    recorded_at: str | None = None
    recorded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a migration came whose statements commit one by one.

    `checksum` is over the statements that are done, and over the one that is `running`.
    """

    checksum: str
    statements_done: int
    running: bool


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A half of a migration that was begun statement by statement and not ended.

    `direction` is up or down, `updated_at` the server's time as text.
    """

    version: str
    direction: str
    progress: Progress
    updated_at: str
    run_id: str


@dataclass(frozen=True, slots=True)
class Books:
    """What our tables say of a database; `denied` are the tables that this role may not read."""

    here: Identity
    recorded: Identity | None = None
    unfinished: tuple[Unfinished, ...] = ()
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of the history: what was done to a version, by whom, in which run, how it ended."""

    action: str
    outcome: str
    version: str | None = None
    name: str | None = None
    checksum: str | None = None
    run_id: str | None = None
    transaction_id: str | None = None
    git_commit: str | None = None
    who: str | None = None
    duration_ms: int | None = None
    note: str | None = None
