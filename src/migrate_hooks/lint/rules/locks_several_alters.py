"""Several ALTER TABLE statements that could be one."""

from collections.abc import Iterable

from migrate_hooks.lint import not_null, rewrites
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_PASSES = frozenset({"ALTER TABLE AlterColumnType", "ALTER TABLE SetNotNull"})


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    first: dict[tuple[str, str], Operation] = {}
    told: set[tuple[str, str]] = set()
    for one in subject.operations:
        if not _reads_rows(one) or not subject.on_existing(one):
            continue
        before = first.setdefault(one.key, one)
        if before.statement != one.statement and one.key not in told:
            told.add(one.key)
            yield Problem(
                f"This ALTER TABLE goes through all rows of {one.spelled}, and so does the one in "
                f"line {before.line}.",
                f"Join them: one ALTER TABLE {one.spelled} takes several changes, separated by "
                "commas, and makes one pass for all.",
                one.line,
                one.column,
            )


def _reads_rows(one: Operation) -> bool:
    """Return whether a form of ALTER TABLE needs the pass that all forms of one statement share."""
    if one.kind == "ALTER TABLE AddColumn":
        return rewrites.of_new_column(one) is not None
    if one.kind == "ALTER TABLE AddConstraint":
        node = not_null.constraint(one)
        is_check = objects.enum_name(node, "contype") == "CONSTR_CHECK"
        return is_check and not node.skip_validation
    return one.kind in _PASSES


RULE = Rule(
    name="locks/several-alters",
    severity=Severity.INFO,
    summary="Several ALTER TABLE statements go through all rows of a table, where one could.",
    why=(
        "ALTER TABLE does everything that needs a scan or a rewrite in one pass, but only for the "
        "changes of one statement."
    ),
    instead="ALTER TABLE orders ALTER COLUMN ... TYPE ..., ALTER COLUMN ... SET NOT NULL.",
    check=_check,
    bad=(
        Example(
            "ALTER TABLE orders ALTER COLUMN a SET NOT NULL;\n"
            "ALTER TABLE orders ADD COLUMN b bigserial;\n"
        ),
        Example("ALTER TABLE orders ADD CHECK (a > 0);\nALTER TABLE orders ALTER a TYPE bigint;\n"),
    ),
    good=(
        Example("ALTER TABLE orders ALTER a TYPE bigint, ADD CHECK (a > 0);\n"),
        Example("ALTER TABLE orders ADD COLUMN a int;\nALTER TABLE orders ADD COLUMN b int;\n"),
        Example(
            "ALTER TABLE orders ALTER a TYPE bigint;\nALTER TABLE users ALTER a TYPE bigint;\n"
        ),
        Example(
            "CREATE TABLE orders (id int);\nALTER TABLE orders ADD CHECK (id > 0);\n"
            "ALTER TABLE orders ALTER id TYPE bigint;\n"
        ),
        Example(
            "ALTER TABLE orders ALTER a TYPE bigint;\n"
            "ALTER TABLE orders ADD CHECK (a > 0) NOT VALID;\n"
        ),
    ),
)
