"""sqlfluff's findings, at most warnings: from the shelf, or from processes that work beside us."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from migrate_hooks.lint import remembered, style_worker
from migrate_hooks.lint.base import Engine, Finish, Judge
from migrate_hooks.model.finding import Finding
from migrate_hooks.model.settings import LintSettings

if TYPE_CHECKING:
    from migrate_hooks.lint.facts import Context, Subject

LARGEST = 1_000_000  # characters; about 7 s of sqlfluff


def _wanted(wishes: LintSettings) -> bool:
    return wishes.style and wishes.style_engine == "sqlfluff"


def _begin(texts: Mapping[str, str], root: Path) -> Judge:
    def missing(unknown: dict[str, str]) -> Callable[[], dict[str, list[Finding]]]:
        # A process that has sqlfluff already reads quicker than a new one can import it.
        is_here = "sqlfluff" in sys.modules
        return (style_worker.here if is_here else style_worker.beside)(root, unknown)

    large = {path: len(text) for path, text in texts.items() if len(text) > LARGEST}
    fitting = {path: text for path, text in texts.items() if path not in large}
    finish = remembered.through_shelf(fitting, root, missing)

    def judge(subjects: "Sequence[Subject]", _context: "Context") -> Finish:
        sound = {one.path for one in subjects if not one.syntax}  # else its style is moot
        read = finish if sound & fitting.keys() else dict
        return lambda: [
            *(finding for path, found in read().items() if path in sound for finding in found),
            *_unread({path: size for path, size in large.items() if path in sound}),
        ]

    return judge


def _unread(large: Mapping[str, int]) -> Iterator[Finding]:
    from migrate_hooks.lint import style

    for path, size in large.items():
        yield style.note(path, f"The file has {size:,} characters")


ENGINE = Engine("sqlfluff", _wanted, _begin)
