"""Every row of a table, gone at once."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind != "TRUNCATE" or not subject.on_existing(one):
            continue
        yield Problem(
            f"TRUNCATE {one.spelled} loses every row of it, under an ACCESS EXCLUSIVE lock; the "
            f"DOWN of a migration cannot bring them back.",
            f"Take a backup of {one.spelled} and delete by a condition, in batches; or name "
            "exactly the tables that shall be empty, and waive this with the reason.",
            one.line,
            one.column,
        )


RULE = Rule(
    name="data/truncate",
    severity=Severity.CRITICAL,
    summary="A table that may have rows is truncated.",
    why="The same migration runs in production, where the rows are not a developer's samples.",
    instead="Delete the rows that must go, by a condition, in batches.",
    check=_check,
    bad=(
        Example("TRUNCATE orders;\n"),
        Example("TRUNCATE TABLE ONLY sales.orders RESTART IDENTITY;\n"),
        Example("TRUNCATE orders CASCADE;\n"),
    ),
    good=(
        Example("CREATE TABLE orders (id bigint);\nTRUNCATE orders;\n"),
        Example("DELETE FROM orders WHERE id = 7;\n"),
    ),
)
