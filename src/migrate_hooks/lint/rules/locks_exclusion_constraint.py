"""ADD CONSTRAINT ... EXCLUDE on a table in use."""

from collections.abc import Iterable

from migrate_hooks.lint import not_null
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if _is_exclusion(one) and subject.on_existing(one):
            yield Problem(
                f"EXCLUDE builds its index on {one.spelled} under an ACCESS EXCLUSIVE lock: nobody "
                "reads or writes it until that is done. NOT VALID and USING INDEX cannot help.",
                f"Add it when nobody needs {one.spelled}; or create a new table with it, and "
                f"move the rows of {one.spelled} to it in batches.",
                one.line,
                one.column,
            )


def _is_exclusion(one: Operation) -> bool:
    if one.kind != "ALTER TABLE AddConstraint":
        return False
    return objects.enum_name(not_null.constraint(one), "contype") == "CONSTR_EXCLUSION"


_ADD = "ALTER TABLE stays ADD CONSTRAINT apart EXCLUDE USING gist (room WITH =, at WITH &&);\n"

RULE = Rule(
    name="locks/exclusion-constraint",
    severity=Severity.CRITICAL,
    summary="An exclusion constraint builds its index while an existing table is out of reach.",
    why=(
        "PostgreSQL can build the index of a UNIQUE constraint beforehand and concurrently, but "
        "not that of an EXCLUDE constraint: it is built, and every row checked, under the "
        "strongest lock there is."
    ),
    instead="Plan for a window, or let a new table have the constraint from the start.",
    check=_check,
    bad=(Example(_ADD),),
    good=(
        Example("CREATE TABLE stays (room int, at tstzrange);\n" + _ADD),
        Example("ALTER TABLE stays ADD CONSTRAINT later CHECK (room > 0) NOT VALID;\n"),
    ),
    replaces=("squawk/constraint-missing-not-valid",),
)
