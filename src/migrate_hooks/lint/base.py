"""What a lint rule is: one file in `rules/`, which carries its own examples."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.settings import LintSettings

if TYPE_CHECKING:
    from migrate_hooks.lint.facts import Context, Subject


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule saw in one file: where (from 1), what it means, what to do about it.

    `severity` is only given where the file or the configuration decides it, not the rule.
    """

    message: str
    hint: str
    line: int = 1
    column: int = 1
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A file that shows a rule at work, as text; the rest is the world that it stands in.

    `data` replaces `text` where the bytes are the point. `others` are {path: text} of new files
    beside it, `known` the paths of released ones, `layout` and `down` as in the configuration.
    `before` are (path, text) of released files that this change edits or, where nothing stands at
    that path, takes away; `elsewhere` are (path, text) of migrations of another branch.
    """

    text: str = ""
    path: str = "migrations/20260102030405_add_orders.sql"
    data: bytes | None = None
    others: tuple[tuple[str, str], ...] = ()
    known: tuple[str, ...] = ()
    before: tuple[tuple[str, str], ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()
    layout: str = "sections"
    down: str = "auto"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Its name is the finding's code: "sections/down-missing".

    `summary` says in one line what it finds, `why` what would happen, `instead` what to write.
    `needs_text` is False for a rule that also has something to say about a file without any, and
    `about_gone` is True for one about files that are taken away, which no other rule sees.
    `replaces` are codes of findings that this one knows better: where both are about the same
    statement, only this one is reported.
    """

    name: str
    severity: Severity
    summary: str
    why: str
    instead: str
    check: "Callable[[Subject, Context], Iterable[Problem]]"
    bad: tuple[Example, ...]
    good: tuple[Example, ...]
    opt_in: bool = False
    needs_text: bool = True
    about_gone: bool = False
    replaces: tuple[str, ...] = ()


Finish = Callable[[], Iterable[Finding]]
"""What waits for an engine and gives its findings."""

Judge = Callable[["Sequence[Subject]", "Context"], Finish]
"""What an engine does once the files are read; until Finish is called it may work beside us."""


@dataclass(frozen=True, slots=True)
class Engine:
    """Somebody else's linter as a source of findings; it sees all files at once.

    `wanted` asks the configuration. `begin` gets {path: text} of all that is text and not empty,
    and the repository's root, before anything is parsed: what takes long can start with that.
    """

    name: str
    wanted: Callable[[LintSettings], bool]
    begin: Callable[[Mapping[str, str], Path], Judge]
