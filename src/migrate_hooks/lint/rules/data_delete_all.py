"""DELETE without a condition."""

from collections.abc import Iterable

from migrate_hooks.lint import writes
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "DELETE" and writes.is_whole_table(one) and subject.on_existing(one):
            yield Problem(
                f"This DELETE takes every row of {one.spelled}: its condition leaves nothing out, "
                "and the DOWN of a migration cannot bring the rows back.",
                f"Say with WHERE which rows of {one.spelled} shall go; if it is all of them, take "
                "a backup and waive this with the reason.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="data/delete-all",
    severity=Severity.CRITICAL,
    summary="A DELETE empties a table that may have rows.",
    why=(
        "A forgotten WHERE is the oldest way to lose a table. The same migration runs in "
        "production, where the rows are not a developer's samples."
    ),
    instead="Delete the rows that must go, by a condition, in batches.",
    check=_check,
    bad=(
        Example("DELETE FROM orders;\n"),
        Example("DELETE FROM orders WHERE true;\n"),
    ),
    good=(
        Example("DELETE FROM orders WHERE id = 7;\n"),
        Example("CREATE TABLE orders (id bigint);\nDELETE FROM orders;\n"),
    ),
    replaces=("locks/unbatched-write",),
)
