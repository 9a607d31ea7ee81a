"""A file with nothing in it."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import called


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    if not subject.problem and subject.is_blank:
        yield Problem(
            f"{called(subject.path)} is empty, so applying it would only use up its version.",
            "Write the change into it, or delete the file.",
        )


RULE = Rule(
    name="structure/empty",
    severity=Severity.CRITICAL,
    summary="A migration is empty.",
    why="It would be recorded as applied and could then never be filled with what was meant.",
    instead="Write the change, or delete the file.",
    check=_check,
    bad=(Example(""), Example("\ufeff \r\n\n")),
    good=(Example("SELECT 1;"),),
    needs_text=False,
)
