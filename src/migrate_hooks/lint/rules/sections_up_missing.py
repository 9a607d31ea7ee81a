"""A file with a DOWN but no UP."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    if subject.sections.up is None:
        first = subject.sections.markers[0]
        yield Problem(
            "The file has a DOWN but no UP, so there is nothing to apply.",
            "Write the line `-- UP Migration` above the statements that make the change.",
            first.line,
            first.column,
        )


RULE = Rule(
    name="sections/up-missing",
    severity=Severity.CRITICAL,
    summary="A migration has no UP section.",
    why="UP is what `apply` runs. Without it the version is recorded and nothing happens.",
    instead="Put `-- UP Migration` above the change, before DOWN.",
    check=_check,
    bad=(Example("-- DOWN Migration\nDROP TABLE orders;\n"),),
    good=(
        Example("-- UP Migration\nSELECT 1;\n-- DOWN Migration\nSELECT 2;\n"),
        Example("SELECT 1;\n-- DOWN Migration\nSELECT 2;\n"),
        Example("SELECT 1;\n"),
    ),
)
