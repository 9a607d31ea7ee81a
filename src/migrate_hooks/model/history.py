"""What files and ledger say together, and what would be done about it."""

from dataclasses import dataclass
from enum import StrEnum

from migrate_hooks.model.migration import Migration, Version


class State(StrEnum):
    """Where one version stands in one environment."""

    APPLIED = "applied"
    PENDING = "pending"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    OUT_OF_ORDER = "out-of-order"


@dataclass(frozen=True, slots=True)
class Applied:
    """A ledger row; a field is None where that ledger does not know it."""

    version: Version
    name: str | None
    checksum: str | None = None
    applied_at: str | None = None
    succeeded: bool | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one environment: at least one of `migration` and `applied` is there."""

    environment: str
    version: Version
    state: State
    migration: Migration | None
    applied: Applied | None


class Direction(StrEnum):
    """Which half of a migration runs."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """Timeouts in milliseconds; one function turns them into SQL, print and run both use it."""

    lock_timeout: int
    statement_timeout: int
    idle_in_transaction_session_timeout: int


@dataclass(frozen=True, slots=True)
class Step:
    """One migration to run in one direction; `state` is planned, applied, failed or not-run."""

    migration: Migration
    direction: Direction
    settings: SessionSettings
    state: str = "planned"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do, in order; `hazards` are sentences that a person should read first."""

    environment: str
    steps: tuple[Step, ...]
    hazards: tuple[str, ...] = ()
