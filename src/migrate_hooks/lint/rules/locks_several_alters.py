"""Several ALTER TABLE statements that could be one."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation

_JOINABLE = frozenset(
    f"ALTER TABLE {form}"
    for form in (
        "AddColumn", "DropColumn", "AlterColumnType", "SetNotNull", "DropNotNull",
        "AddConstraint", "DropConstraint",
    )
)  # fmt: skip


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    first: dict[tuple[str, str], Operation] = {}
    told: set[tuple[str, str]] = set()
    for one in subject.operations:
        if one.kind not in _JOINABLE or not subject.on_existing(one):
            continue
        before = first.setdefault(one.key, one)
        if before.statement != one.statement and one.key not in told:
            told.add(one.key)
            yield Problem(
                f"{one.spelled} is altered again after line {before.line}. Each ALTER TABLE that "
                "checks or writes rows goes through the whole table once more.",
                f"Join them: one ALTER TABLE {one.spelled} takes several changes, separated by "
                "commas, and makes one pass for all.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="locks/several-alters",
    severity=Severity.INFO,
    summary="An existing table is altered by several statements that could be one.",
    why=(
        "ALTER TABLE does everything that needs a scan or a rewrite in one pass, but only for the "
        "changes of one statement."
    ),
    instead="ALTER TABLE orders ADD COLUMN ..., ADD COLUMN ..., DROP COLUMN ... .",
    check=_check,
    bad=(Example("ALTER TABLE orders ADD COLUMN a int;\nALTER TABLE orders ADD COLUMN b int;\n"),),
    good=(
        Example("ALTER TABLE orders ADD COLUMN a int, ADD COLUMN b int;\n"),
        Example("ALTER TABLE orders ADD COLUMN a int;\nALTER TABLE users ADD COLUMN a int;\n"),
        Example(
            "CREATE TABLE orders (id int);\nALTER TABLE orders ADD COLUMN a int;\n"
            "ALTER TABLE orders ADD COLUMN b int;\n"
        ),
        Example(
            "ALTER TABLE orders ADD COLUMN a int;\n"
            "ALTER TABLE orders ALTER COLUMN a SET DEFAULT 1;\n"
        ),
    ),
)
