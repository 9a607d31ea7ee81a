"""ADD COLUMN with a CHECK of its own."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "ALTER TABLE AddColumn" and subject.on_existing(one) and _has_check(one):
            column = objects.unwrapped(getattr(one.node, "def"))[1].colname
            yield Problem(
                f"The CHECK of the new column {column} is tested against every row of "
                f"{one.spelled} under an ACCESS EXCLUSIVE lock: nobody reads or writes "
                f"{one.spelled} meanwhile.",
                f"Add {column} to {one.spelled} without the CHECK, then ADD CONSTRAINT ... CHECK "
                f"... NOT VALID, and run ALTER TABLE {one.spelled} VALIDATE CONSTRAINT in a later "
                "migration.",
                one.line,
                one.column,
            )


def _has_check(one: Operation) -> bool:
    column = objects.unwrapped(getattr(one.node, "def"))[1]
    parts = (objects.unwrapped(each)[1] for each in column.constraints)
    kinds = [objects.enum_name(part, "contype") for part in parts]
    # NOT ENFORCED is a part of its own, behind the one it is about.
    pairs = zip(kinds, [*kinds, ""][1:], strict=True)
    return any(
        kind == "CONSTR_CHECK" and behind != "CONSTR_ATTR_NOT_ENFORCED" for kind, behind in pairs
    )


RULE = Rule(
    name="locks/inline-check",
    severity=Severity.CRITICAL,
    summary="A new column of an existing table brings a CHECK that every row is tested against.",
    why=(
        "Adding a column only changes the catalog; a CHECK in the same breath makes PostgreSQL "
        "read the whole table while it holds the strongest lock there is, even when every value "
        "of the column is NULL."
    ),
    instead="Add the column, add the CHECK as NOT VALID, validate it in a later migration.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders ADD COLUMN total int CHECK (total > 0);\n"),
        Example(
            "ALTER TABLE orders ADD COLUMN state text DEFAULT 'new' "
            "CONSTRAINT known CHECK (state IN ('new', 'done'));\n"
        ),
    ),
    good=(
        Example(
            "ALTER TABLE orders ADD COLUMN total int,\n"
            "    ADD CONSTRAINT positive CHECK (total > 0) NOT VALID;\n"
        ),
        Example("ALTER TABLE orders ADD COLUMN total int CHECK (total > 0) NOT ENFORCED;\n"),
        Example(
            "CREATE TABLE orders (id int);\nALTER TABLE orders ADD total int CHECK (id > 0);\n"
        ),
    ),
)
