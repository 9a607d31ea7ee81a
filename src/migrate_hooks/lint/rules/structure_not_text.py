"""A file that cannot be read as text."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import called


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    if subject.problem:
        yield Problem(
            f"{called(subject.path)} {subject.problem}. Nothing in it was checked, and "
            "no database could run it.",
            "Save it as plain SQL in UTF-8, as a file of its own inside the repository.",
        )


RULE = Rule(
    name="structure/not-text",
    severity=Severity.CRITICAL,
    summary="A migration is no readable UTF-8 text.",
    why=(
        "A binary file, another encoding or a link out of the repository cannot be judged, and "
        "what cannot be judged is never called clean."
    ),
    instead="Save the file as UTF-8 inside the repository.",
    check=_check,
    bad=(
        Example(data=b"SELECT '\xe9t\xe9';\n"),
        Example(data=b"PGDMP\x00\x01\x0e"),
    ),
    good=(Example("SELECT 'été';"),),
    needs_text=False,
)
