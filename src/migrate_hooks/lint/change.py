"""What a fix is: one file in `fixes/`, which turns a finding into a value that can be judged."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrate_hooks.model.finding import Finding
from migrate_hooks.model.migration import Statement

if TYPE_CHECKING:
    from migrate_hooks.lint.facts import Context, Subject


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace what stands from `start` to `end` (characters of the old text) by `text`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class NextFile:
    """A migration that comes after all others: the words of its name, both halves as SQL."""

    words: str
    up: str
    down: str


@dataclass(frozen=True, slots=True)
class Change:
    """What would mend a finding, as a value: nothing is done yet.

    `done` says it in the past tense, for the report. `edits` do not overlap. `names` are (path, new
    path) of files, `files` new ones. `restyles` tells that no statement changes its meaning,
    however many of them are edited; `alone` that the file runs without a transaction from now on.
    """

    done: str
    edits: tuple[Edit, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    files: tuple[NextFile, ...] = ()
    restyles: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One finding, and what has to be known to mend it.

    `later` are the statements of unreleased migrations that come after this file, `unreleased` the
    paths of all unreleased ones, `judged` of those that the run is about. `folder` are the texts of
    all migrations, released or not. `now` are the 14 digits of the present time.
    """

    finding: Finding
    subject: "Subject"
    context: "Context"
    later: tuple[Statement, ...]
    unreleased: tuple[str, ...]
    judged: tuple[str, ...]
    folder: tuple[str, ...]
    now: str


@dataclass(frozen=True, slots=True)
class Fix:
    """One kind of repair: the codes of the findings that it is for, and a sentence about it.

    `codes` may name whole rooms. `propose` returns a change, or the reason why none is certain, as
    a clause. `of_file` tells that one answer is for all findings of a file.
    """

    name: str
    codes: tuple[str, ...]
    summary: str
    propose: Callable[[Case], Change | str]
    of_file: bool = False


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with the edits made; what they bring gets the line ends of the text."""
    end = "\r\n" if "\r\n" in text else "\n"
    for one in sorted(edits, key=lambda edit: edit.start, reverse=True):
        fresh = one.text.replace("\r\n", "\n").replace("\n", end)
        text = text[: one.start] + fresh + text[one.end :]
    return text
