"""DROP TABLE on a table with rows."""

from collections.abc import Iterable

from migrate_hooks.lint import replaced_names
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "DROP TABLE" and subject.on_existing(one):
            yield _problem(one, replaced_names.comes_back(subject, one))


def _problem(one: Operation, back: Operation | None) -> Problem:
    lost = (
        f"DROP TABLE {one.spelled} loses its rows, and with them its indexes, grants and policies"
    )
    if back is None:
        return Problem(
            f"{lost}; code that still names {one.spelled} fails at once.",
            f"Deploy code that no longer uses {one.spelled}, take a backup, and drop it later.",
            one.line,
            one.column,
        )
    return Problem(
        f"{lost}. The {one.spelled} of line {back.line} has its name and none of them.",
        f"Write ALTER TABLE {one.spelled} instead, which keeps the rows; or rename the old one "
        "away and drop it in a later migration.",
        one.line,
        one.column,
    )


RULE = Rule(
    name="data/drop-table",
    severity=Severity.CRITICAL,
    summary="An existing table is dropped.",
    why=(
        "No DOWN brings the rows back, and code that was deployed before the migration fails. A "
        "table that is dropped and created again in one file is a new, empty one."
    ),
    instead="Stop using the table, deploy, keep a copy, and drop it in a later release.",
    check=_check,
    bad=(
        Example("DROP TABLE orders;\n"),
        Example('DROP TABLE IF EXISTS shop."Orders", lines;\n'),
        Example("DROP TABLE orders;\nCREATE TABLE orders (id bigint);\n"),
        Example("ALTER TABLE orders RENAME TO old;\nDROP TABLE old;\n"),
    ),
    good=(
        Example("CREATE TABLE draft (id int);\nDROP TABLE draft;\n"),
        Example("CREATE TEMP TABLE draft AS SELECT 1 AS a;\nDROP TABLE IF EXISTS draft;\n"),
        Example("-- Up\nCREATE TABLE orders (id int);\n-- Down\nDROP TABLE orders;\n"),
        Example(
            "DROP TABLE orders;\n",
            others=(("migrations/20260101000000_o.sql", "CREATE TABLE orders (id int);\n"),),
        ),
    ),
    replaces=("squawk/ban-drop-table",),
)
