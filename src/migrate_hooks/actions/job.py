"""What all steps of one run share, and how a step may end."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from shlex import quote
from typing import Any

from migrate_hooks.actions.lookout import Lookout
from migrate_hooks.actions.voice import Voice
from migrate_hooks.errors import Failure
from migrate_hooks.ledgers import bookkeeping, store
from migrate_hooks.ledgers.base import Ledger
from migrate_hooks.model.books import Deed
from migrate_hooks.model.history import Direction, Record, Step
from migrate_hooks.model.migration import Statement
from migrate_hooks.model.settings import ApplySettings
from migrate_hooks.outside.postgres import Query, Session

ACTIONS = {Direction.UP: "apply", Direction.DOWN: "rollback"}


class Ending(StrEnum):
    """How a step ended."""

    DONE = "done"
    ALREADY = "already-done"
    FAILED = "failed"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Result:
    """The ending of a step, and for a bad one its failure and the statement it happened at.

    `interrupted` is True when ctrl-C ended it. `advice` says what to do where the ending alone does
    not tell.
    """

    ending: Ending
    failure: Failure | None = None
    statement: Statement | None = None
    interrupted: bool = False
    advice: str = ""


class Stopped(Exception):
    """A statement failed; carries which one, why, and how many had ended before it."""

    def __init__(self, statement: Statement, failure: Failure, completed: int) -> None:
        super().__init__(failure.message)
        self.statement = statement
        self.failure = failure
        self.completed = completed


@dataclass(frozen=True, slots=True)
class Job:
    """One run: where it writes, on whose behalf, and who listens.

    `again` runs what the ledger already has. `keeps_books` is False where our own tables may
    neither be used nor made. `log` takes an event and its fields.
    """

    session: Session
    ledger: Ledger
    settings: ApplySettings
    voice: Voice
    lookout: Lookout
    run_id: str
    who: str
    git_commit: str | None = None
    again: bool = False
    keeps_books: bool = False
    log: Callable[..., Any] = lambda _event, **_fields: None


def command(environment: str, step: Step, rest: int = 1) -> str:
    """Return what is typed to run a step again, and the `rest` - 1 behind it."""
    words = f"migrate-hooks {ACTIONS[step.direction]} --env={environment}"
    if step.direction is Direction.UP:
        return f"{words} {step.within}".rstrip()
    # What was rolled back before it must not count again.
    version = quote(step.migration.version.text)
    return f"{words} --steps={rest}" if rest > 1 else f"{words} --migration={version}"


def is_done(session: Session, ledger: Ledger, step: Step) -> bool:
    """Return whether the ledger says that the step's work stands: a row for UP, none for DOWN."""
    return store.has(session, ledger, step.migration) is (step.direction is Direction.UP)


def written(job: Job, step: Step, duration_ms: int, transaction: str | None) -> tuple[Query, ...]:
    """Return the statements that write down a step that is done: in the ledger and in our books."""
    migration = step.migration
    rows: tuple[Query, ...] = (store.forgetting(job.ledger, migration),)
    if step.direction is Direction.UP:
        done = Record(migration, job.run_id, job.git_commit, job.who, duration_ms, transaction)
        rows = store.recording(job.ledger, done)
    if not job.keeps_books:
        return rows
    deed = deed_of(job, step, "done", duration_ms=duration_ms, transaction=transaction)
    return *rows, bookkeeping.write_down(deed)


def deed_of(
    job: Job,
    step: Step,
    outcome: str,
    *,
    duration_ms: int | None = None,
    transaction: str | None = None,
    note: str | None = None,
) -> Deed:
    """Return the line of our history that a step's ending makes."""
    migration = step.migration
    return Deed(
        ACTIONS[step.direction],
        outcome,
        migration.version.text,
        migration.name,
        migration.checksum,
        job.run_id,
        transaction,
        job.git_commit,
        job.who,
        duration_ms,
        note,
    )
