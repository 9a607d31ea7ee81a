"""Another order of the same words."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind != "ALTER TABLE AlterColumnType" or not subject.on_existing(one):
            continue
        collation = _collation(one)
        if collation:
            column = f"{one.spelled}.{one.node.name}"
            yield Problem(
                f"{column} gets the collation {collation}: ORDER BY, ranges and LIKE on it answer "
                "differently, every index on it is built anew, and two values may now count as "
                "one.",
                f"Check what sorts or compares {column}, or write COLLATE {collation} in the "
                "queries that need it.",
                one.line,
                one.column,
            )


def _collation(one: Operation) -> str:
    column = getattr(one.node, "def").column_def
    if not column.HasField("coll_clause"):
        return ""
    return ".".join(objects.name_path(column.coll_clause.collname))


RULE = Rule(
    name="data/collation-change",
    severity=Severity.WARNING,
    summary="A column's collation changes.",
    why=(
        "The collation decides what is equal and what comes first. Cursors that page by the old "
        "order skip rows, and a nondeterministic one can make unique values collide."
    ),
    instead="Set the collation in the queries or index that need it.",
    check=_check,
    bad=(Example('ALTER TABLE users ALTER COLUMN name TYPE text COLLATE "C";\n'),),
    good=(
        Example("ALTER TABLE users ALTER COLUMN name TYPE text;\n"),
        Example(
            "CREATE TABLE users (name text);\n"
            'ALTER TABLE users ALTER COLUMN name TYPE text COLLATE "C";\n'
        ),
    ),
)
