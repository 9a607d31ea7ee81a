"""ADD CONSTRAINT ... CHECK on a table in use, checked at once."""

from collections.abc import Iterable

from migrate_hooks.lint import definitions
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one, check in definitions.added(subject.operations):
        if check.kind != "check" or check.is_inline or check.node.skip_validation:
            continue
        if subject.on_existing(one):
            name = check.name or f"{one.table}_check"
            yield Problem(
                f"CHECK {name} is tested against every row of {one.spelled} under an ACCESS "
                f"EXCLUSIVE lock: nobody reads or writes {one.spelled} meanwhile.",
                f"Add {name} with NOT VALID at its end, which reads no row, and run ALTER TABLE "
                f"{one.spelled} VALIDATE CONSTRAINT {name} in a later migration.",
                *definitions.place_of(one, check.node),
            )


_ADD = "ALTER TABLE orders ADD CONSTRAINT positive CHECK (total > 0)"

RULE = Rule(
    name="locks/check-constraint",
    severity=Severity.CRITICAL,
    summary="A CHECK is added to an existing table and tested while nobody may use it.",
    why=(
        "PostgreSQL reads the whole table under the strongest lock there is. NOT VALID leaves that "
        "to VALIDATE CONSTRAINT, during which others read and write; new rows are tested from the "
        "first moment."
    ),
    instead="ADD CONSTRAINT ... NOT VALID here, VALIDATE CONSTRAINT in a later migration.",
    check=_check,
    bad=(
        Example(_ADD + ";\n"),
        Example('ALTER TABLE ONLY "Shop"."Orders" ADD CHECK (total > 0);\n'),
        Example("DO $$ BEGIN\n  " + _ADD + ";\nEND $$;\n"),
        Example("ALTER TABLE orders ADD COLUMN total int, ADD CHECK (total > 0);\n"),
    ),
    good=(
        Example(_ADD + " NOT VALID;\n"),
        Example(_ADD + " NOT ENFORCED;\n"),
        Example("ALTER TABLE orders VALIDATE CONSTRAINT positive;\n"),
        Example("CREATE TABLE orders (total int);\n" + _ADD + ";\n"),
        Example(_ADD.replace("CHECK (total > 0)", "UNIQUE USING INDEX i") + ";\n"),
    ),
    replaces=("squawk/constraint-missing-not-valid",),
)
