"""A template's name that nobody replaced."""

import re
from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity

_PLACEHOLDER = re.compile(r"\bexample_(?:table|column)\b")


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in (*subject.up, *subject.down):
        found = _PLACEHOLDER.search(one.text)
        if found:
            yield Problem(
                f"{found[0]} is the name that the template came with, so this is not finished: no "
                "database has it, and applying the file fails there.",
                f"Replace {found[0]} by the name that you mean, here and below.",
                one.line,
                one.column,
            )
            return


RULE = Rule(
    name="structure/placeholder",
    severity=Severity.WARNING,
    summary="A migration still names the table or column of its template.",
    why=(
        "`migrate-hooks new --template` writes example_table and example_column where it cannot "
        "know the name. A file that still has them is valid SQL, and fails only when it is applied."
    ),
    instead="Replace the names before the file is committed.",
    check=_check,
    bad=(
        Example(
            "-- UP Migration\nALTER TABLE example_table ADD COLUMN note text;\n"
            "-- DOWN Migration\nALTER TABLE example_table DROP COLUMN note;\n"
        ),
        Example("-- UP Migration\nALTER TABLE orders ADD COLUMN example_column text;\n"),
    ),
    good=(
        Example(
            "-- UP Migration\n-- not example_table\nALTER TABLE orders ADD COLUMN note text;\n"
        ),
    ),
)
