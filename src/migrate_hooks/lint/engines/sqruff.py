"""sqruff's findings, under sqlfluff's codes: all files at once, in a process beside us."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrate_hooks.errors import ConfigProblem, Failure
from migrate_hooks.lint.base import Engine, Finish, Judge
from migrate_hooks.model.settings import LintSettings

if TYPE_CHECKING:
    from migrate_hooks.lint.facts import Context, Subject
    from migrate_hooks.lint.style import Reader
    from migrate_hooks.outside.raw_style import RawStyle

_NAME = "sqruff"


def _wanted(wishes: LintSettings) -> bool:
    return wishes.style and wishes.style_engine == _NAME


def _begin(texts: Mapping[str, str], root: Path) -> Judge:
    read = _reader(root, {path: text.removeprefix("\ufeff") for path, text in texts.items()})

    def judge(subjects: "Sequence[Subject]", _context: "Context") -> Finish:
        from migrate_hooks.lint import style

        sound = [one.path for one in subjects if not one.syntax]  # else its style is moot
        return lambda: [
            finding for path in sound for finding in style.check(read, path, texts[path], _NAME)
        ]

    return judge


def _reader(root: Path, texts: Mapping[str, str]) -> "Reader":
    """Start one process on all texts, and return what knows its answers.

    A text that has changed since, because a part of it was hidden, gets a process of its own; so
    does each where one of them was too much for the first.
    """
    from migrate_hooks.outside import sqruff

    finish = sqruff.begin(root, texts)

    @cache
    def together() -> sqruff.Found:
        try:
            return finish()
        except ConfigProblem:
            raise
        except Failure:
            return {}

    def read(path: str, text: str) -> "tuple[RawStyle, ...]":
        known = together() if text == texts[path] else {}
        return known[path] if path in known else sqruff.begin(root, {path: text})()[path]

    return read


ENGINE = Engine(_NAME, _wanted, _begin)
