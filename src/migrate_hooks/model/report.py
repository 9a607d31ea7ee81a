"""What every action returns; a renderer turns it into text, the command into an exit code."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from migrate_hooks.errors import Exit

if TYPE_CHECKING:  # to make a dozen classes takes longer than to lint a file that is known
    from migrate_hooks.model.finding import Finding
    from migrate_hooks.model.history import Entry, Step
    from migrate_hooks.model.schema import Difference


class Outcome(StrEnum):
    """How it ended, in one word."""

    CLEAN = "clean"
    FINDINGS = "findings"
    REFUSED = "refused"
    FAILED = "failed"
    UNCHECKED = "unchecked"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Listing:
    """A plain table for people and programs: a title, column names, rows of texts.

    People are shown the first `most` rows and how many more there are; None shows them all, 0
    nothing.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one action.

    `environment` is "" when the action is about none. `notes` are sentences for people, in order;
    `body` is text to show as it is (a dry run's SQL). `exit_code` is what the process ends with.
    """

    action: str
    outcome: Outcome
    exit_code: Exit
    environment: str = ""
    findings: "tuple[Finding, ...]" = ()
    entries: "tuple[Entry, ...]" = ()
    differences: "tuple[Difference, ...]" = ()
    steps: "tuple[Step, ...]" = ()
    listings: tuple[Listing, ...] = ()
    notes: tuple[str, ...] = ()
    body: str = ""
