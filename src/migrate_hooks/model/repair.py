"""What a person wants mended in a ledger or in our own tables, and what is to be done for it."""

from dataclasses import dataclass
from enum import StrEnum

from migrate_hooks.model.books import Books, Progress
from migrate_hooks.model.history import Entry
from migrate_hooks.model.migration import Migration

EVERY = "all"
"""In the place of a version: every one that it fits."""

ALLOWED: dict[str, str] = {
    "changed-sql": "the ledger shall say what the file says, although that is other SQL",
    "ledger-rows": "a baseline shall be added to a ledger that has rows already",
    "missing-objects": "a baseline shall be taken although objects of its files are not there",
}
"""Guards of a repair that `--allow` passes, with what is the case then."""


class Kind(StrEnum):
    """Which repair; the values are options of the command and words of our history."""

    MARK_APPLIED = "mark-applied"
    MARK_REVERTED = "mark-reverted"
    REALIGN = "realign"
    CLEAR_FAILED = "clear-failed"
    STATEMENT_DONE = "statement-done"
    STATEMENT_UNDONE = "statement-undone"
    BASELINE = "baseline"
    ADOPT_IDENTITY = "adopt-identity"


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed: a repair, and the version that it is for ("" where it needs none)."""

    kind: Kind
    version: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a repair was planned from; it must still be so when the repair is done."""

    environment: str
    entries: tuple[Entry, ...]
    books: Books


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing to do: a sentence for people, and what it is done with.

    `migration` is the file, or what stands in for the file of a row without one. `held` is the
    version of the ledger's row where that is realigned. `progress` is what is to be remembered of
    the half `direction`.
    """

    kind: Kind
    words: str
    migration: Migration | None = None
    held: str = ""
    progress: Progress | None = None
    direction: str = ""

    @property
    def version(self) -> str:
        """The version that it is about, "" for none."""
        return self.migration.version.text if self.migration else ""
