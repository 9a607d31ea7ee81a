"""An UP without a statement."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    if subject.sections.up is None or subject.up:
        return
    line, column = subject.marker("up")
    if subject.has_words("up"):
        yield Problem(
            "UP holds comments and no statement, so `migrate-hooks apply` refuses this file.",
            "Write the change below the marker, or delete the file if nothing is to change.",
            line,
            column,
            # A file fresh from `new` is such a file; it may be committed, it changes nothing.
            Severity.WARNING,
        )
    else:
        yield Problem(
            "UP is empty, so there is nothing to apply.",
            "Write the change below the marker.",
            line,
            column,
        )


RULE = Rule(
    name="sections/up-empty",
    severity=Severity.CRITICAL,
    summary="UP contains no statement.",
    why=(
        "The version would be recorded as applied without a change. An UP with comments only, as "
        "`migrate-hooks new` writes it, is a warning; one with nothing at all is critical."
    ),
    instead="Write the change into UP.",
    check=_check,
    bad=(
        Example("-- UP Migration\n\n-- DOWN Migration\nDROP TABLE orders;\n"),
        Example("-- UP Migration\n-- to be written\n-- DOWN Migration\n"),
        Example("-- nothing but words\n"),
    ),
    good=(Example("-- UP Migration\nSELECT 1;\n"),),
)
