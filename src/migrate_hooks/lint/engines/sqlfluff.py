"""sqlfluff's findings, at most warnings: from the shelf, or from processes that work beside us."""

import sys
from collections.abc import Callable, Iterable, Sequence

from migrate_hooks.lint import remembered, style, style_worker
from migrate_hooks.lint.base import Engine
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Finding

LARGEST = 1_000_000  # characters; about 7 s of sqlfluff


def _wanted(context: Context) -> bool:
    return context.style


def _start(subjects: Sequence[Subject], context: Context) -> Callable[[], Iterable[Finding]]:
    judged = [one for one in subjects if not one.syntax]  # else its style is moot
    large = [one for one in judged if len(one.text) > LARGEST]
    texts = {one.path: one.text for one in judged if one not in large}

    def begin(missing: dict[str, str]) -> Callable[[], dict[str, list[Finding]]]:
        # A process that has sqlfluff already reads quicker than a new one can import it.
        is_here = "sqlfluff" in sys.modules
        return (style_worker.here if is_here else style_worker.beside)(context.root, missing)

    finish = remembered.through_shelf(texts, context.root, begin)
    notes = [style.note(one.path, f"The file has {len(one.text):,} characters") for one in large]
    return lambda: [*notes, *finish()]


ENGINE = Engine("sqlfluff", _wanted, _start)
