"""A DOWN that is given up without saying why."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    line = subject.sections.waiver_line
    if context.down is None or line is None or subject.sections.waiver is not None:
        return
    yield Problem(
        "The migration is called irreversible, and no reason is given.",
        "Finish the sentence: `-- DOWN: irreversible because the deleted rows are kept nowhere`.",
        line,
        severity=context.down,
    )


_UP = "-- UP Migration\nDELETE FROM orders WHERE id = 1;\n"

RULE = Rule(
    name="sections/down-without-reason",
    severity=Severity.CRITICAL,
    summary="A migration waives its DOWN without a reason.",
    why=(
        "Whoever has to roll back at night needs to know why there is no way, and what to do "
        "instead. The reason is also shown when the migration is applied."
    ),
    instead="Write `-- DOWN: irreversible because` and the reason.",
    check=_check,
    bad=(
        Example(_UP + "-- DOWN: irreversible\n"),
        Example(_UP + "-- DOWN: irreversible because\n"),
    ),
    good=(Example(_UP + "-- DOWN: irreversible because the row is kept nowhere\n"),),
)
