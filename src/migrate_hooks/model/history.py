"""What files and ledger say together, and what would be done about it."""

from dataclasses import dataclass
from enum import StrEnum

from migrate_hooks.model.migration import Migration, Script, Version


class State(StrEnum):
    """Where one version stands in one environment.

    FAILED was begun and not finished; RENUMBERED is a file whose SQL the ledger has under another
    version.
    """

    APPLIED = "applied"
    PENDING = "pending"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    FAILED = "failed"
    OUT_OF_ORDER = "out-of-order"
    RENUMBERED = "renumbered"


class Edit(StrEnum):
    """What became of a file after it was applied.

    TEXT: comments, white space or case, so the SQL does the same. UNCLEAR: the ledger keeps too
    little to tell.
    """

    TEXT = "text only"
    SQL = "SQL"
    UNCLEAR = "not known"


@dataclass(frozen=True, slots=True)
class Applied:
    """A ledger row; a field is None where that ledger does not know it.

    Three things tell what was run, and a ledger has one or two of them: `text` is the SQL itself,
    `sha256` is over the text of the file, `fingerprint` over the parse trees of its UP. Where
    `text` is not kept, `checksum` may be: over its tokens, as a migration's own.
    `applied_at` is the server's time as text; a `failed` row was begun and not finished.
    """

    version: Version
    name: str | None
    applied_at: str | None = None
    failed: bool = False
    sha256: str | None = None
    fingerprint: str | None = None
    text: str | None = None
    duration_ms: int | None = None
    run_id: str | None = None
    transaction_id: str | None = None
    git_commit: str | None = None
    applied_by: str | None = None
    checksum: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What a runner knows when it writes the ledger row of a migration.

    `duration_ms` counts from its first statement, `transaction_id` is what pg_current_xact_id()
    gave as text, None outside of one. `statements_done` tells how far a `failed` one came.
    """

    migration: Migration
    run_id: str | None = None
    git_commit: str | None = None
    applied_by: str | None = None
    duration_ms: int | None = None
    transaction_id: str | None = None
    failed: bool = False
    statements_done: int | None = None


@dataclass(frozen=True, slots=True)
class Sighting:
    """The newest commit that touched a file: short oid, author's name, branches that hold it."""

    path: str
    commit: str
    author: str
    branches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of one environment: at least one of `migration` and `applied` is there.

    `edit` is set for CHANGED; `other` for RENUMBERED: the version under which the ledger has it.
    `sighting` is where in git the file of an UNKNOWN one is, if that was asked and found.
    """

    environment: str
    version: Version
    state: State
    migration: Migration | None
    applied: Applied | None
    edit: Edit | None = None
    other: Version | None = None
    sighting: Sighting | None = None


class Direction(StrEnum):
    """Which half of a migration runs."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """Times in milliseconds; one function turns them into SQL, print and run both use it.

    `client_connection_check_interval` is None where the server's system cannot do that.
    """

    lock_timeout: int
    statement_timeout: int
    idle_in_transaction_session_timeout: int
    client_connection_check_interval: int | None = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One migration to run in one direction.

    `state` is planned, applied, rolled-back, already-done, failed, partial, unknown or not-run.
    `within` is the option that kept the run to what was asked for, such as --to=VERSION, or "".
    """

    migration: Migration
    direction: Direction
    settings: SessionSettings
    state: str = "planned"
    within: str = ""

    @property
    def script(self) -> Script:
        """The half of the migration that runs; a DOWN that is missing has no statements."""
        if self.direction is Direction.UP:
            return self.migration.up
        return self.migration.down or Script((), True, "")

    @property
    def path(self) -> str:
        """The file in which that half stands."""
        return self.script.path or self.migration.path


@dataclass(frozen=True, slots=True)
class Hazard:
    """What a person should read first: a name for `--allow`, what a file does, its path.

    `table` is the one whose rows it is about, as SQL spells it, or schema.* for all of a schema; ""
    where it is about none.
    """

    name: str
    message: str
    path: str
    table: str = ""


@dataclass(frozen=True, slots=True)
class LockForecast:
    """The strongest lock that a plan takes on a table: its name, what it blocks, who takes it."""

    table: str
    lock: str
    blocks: str
    path: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do, in order, and where.

    `place` is host and database for a sentence, `source` where its DSN was found, `server` a
    version such as "18.4", `ledger` the table that is written.
    """

    environment: str
    steps: tuple[Step, ...]
    hazards: tuple[Hazard, ...] = ()
    locks: tuple[LockForecast, ...] = ()
    place: str = ""
    source: str = ""
    server: str = ""
    ledger: str = ""
