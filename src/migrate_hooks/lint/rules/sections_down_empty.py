"""A DOWN that undoes nothing."""

from collections.abc import Iterable
from shlex import quote

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    sections = subject.sections
    if context.down is None or sections.down is None or sections.waiver_line is not None:
        return
    if subject.down or not subject.up:
        return
    line, column = subject.marker("down")
    yield Problem(
        "DOWN contains no statement, so undoing this migration would undo nothing.",
        f"Write what undoes {subject.first_words()}, or let it be written: `migrate-hooks new "
        f"{quote(subject.path)} --down-from-up`; or say why nothing can: "
        "`-- DOWN: irreversible because ...`.",
        line,
        column,
        context.down,
    )


_UP = "-- UP Migration\nCREATE TABLE orders (id bigint PRIMARY KEY);\n"

RULE = Rule(
    name="sections/down-empty",
    severity=Severity.CRITICAL,
    summary="DOWN contains no statement although UP does.",
    why=(
        "After such a rollback the ledger says that the change is gone while the database still "
        "has it. It weighs as much as a missing DOWN."
    ),
    instead="Write what undoes UP, last change first.",
    check=_check,
    bad=(
        Example(_UP + "-- DOWN Migration\n"),
        Example(_UP + "-- DOWN Migration\n-- by hand\n"),
        Example(_UP + "-- DOWN Migration\n-- by hand\n", layout="supabase"),
    ),
    good=(
        Example(_UP + "-- DOWN Migration\nDROP TABLE orders;\n"),
        Example("-- UP Migration\n-- to be written\n-- DOWN Migration\n"),
        Example(_UP + "-- DOWN Migration\n-- DROP TABLE orders;\n", layout="supabase"),
    ),
)
