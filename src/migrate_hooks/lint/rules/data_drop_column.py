"""DROP COLUMN on a table with rows."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind != "ALTER TABLE DropColumn" or not subject.on_existing(one):
            continue
        if not _is_added_here(subject, one):
            yield _problem(one, one.node.name)


def _is_added_here(subject: Subject, one: Operation) -> bool:
    earlier = subject.operations[: subject.operations.index(one)]
    return any(
        each.kind == "ALTER TABLE AddColumn"
        and each.key == one.key
        and getattr(each.node, "def").column_def.colname == one.node.name
        and not each.node.missing_ok
        for each in earlier
    )


def _problem(one: Operation, column: str) -> Problem:
    return Problem(
        f"DROP COLUMN {column} loses what {one.spelled} has in it, with every index and constraint "
        f"that names {column}; code that still reads or writes {column} fails at once, and so does "
        f"an ORM that remembers the columns of {one.spelled}.",
        f"Deploy code that no longer uses {column} first, and take a backup of it.",
        one.line,
        one.column,
    )


RULE = Rule(
    name="data/drop-column",
    severity=Severity.CRITICAL,
    summary="A column of an existing table is dropped.",
    why=(
        "No DOWN brings the values back. Indexes and constraints that include the column vanish "
        "with it, without a word, and code that was deployed before the migration fails."
    ),
    instead="Stop using the column, deploy, keep a copy, and drop it in a later release.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders DROP COLUMN total;\n"),
        Example('ALTER TABLE ONLY shop.orders ADD a int, DROP COLUMN IF EXISTS "Total";\n'),
        Example("DO $$ BEGIN\n  ALTER TABLE orders DROP total;\nEND $$;\n"),
    ),
    good=(
        Example("ALTER TABLE orders ALTER COLUMN total DROP DEFAULT;\n"),
        Example("CREATE TABLE orders (a int, b int);\nALTER TABLE public.orders DROP COLUMN b;\n"),
        Example("ALTER TABLE orders ADD COLUMN a int;\nALTER TABLE orders DROP COLUMN a;\n"),
        Example("-- Up\nSELECT 1;\n-- Down\nALTER TABLE orders DROP COLUMN total;\n"),
    ),
    replaces=("squawk/ban-drop-column",),
)
