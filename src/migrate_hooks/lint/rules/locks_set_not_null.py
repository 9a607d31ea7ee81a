"""SET NOT NULL on a column that nothing has checked yet."""

from collections.abc import Iterable, Iterator

from migrate_hooks.lint import no_nulls, not_null
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if not subject.on_existing(one):
            continue
        yield from _as_constraint(one)
        if one.kind == "ALTER TABLE SetNotNull" and not no_nulls.are_proved(one, subject, context):
            column = one.node.name
            yield Problem(
                f"SET NOT NULL reads every row of {one.spelled} under an ACCESS EXCLUSIVE lock to "
                f"find NULLs in {column}: nobody reads or writes {one.spelled} meanwhile.",
                f"Add CONSTRAINT {one.table}_{column}_not_null CHECK ({column} IS NOT NULL) NOT "
                f"VALID to {one.spelled}, VALIDATE it in a later migration, then SET NOT NULL and "
                "drop the constraint: PostgreSQL trusts the check and reads nothing.",
                one.line,
                one.column,
            )


def _as_constraint(one: Operation) -> Iterator[Problem]:
    """Yield ADD CONSTRAINT ... NOT NULL, which PostgreSQL has from version 18 on."""
    if one.kind != "ALTER TABLE AddConstraint":
        return
    found = not_null.constraint(one)
    if objects.enum_name(found, "contype") == "CONSTR_NOTNULL" and not found.skip_validation:
        (column,) = objects.name_path(found.keys)
        name = found.conname or f"{one.table}_{column}_not_null"
        yield Problem(
            f"NOT NULL {column} reads every row of {one.spelled} under an ACCESS EXCLUSIVE lock to "
            f"find NULLs: nobody reads or writes {one.spelled} meanwhile.",
            f"Add {name} with NOT VALID at its end, which reads no row, and run ALTER TABLE "
            f"{one.spelled} VALIDATE CONSTRAINT {name} in a later migration.",
            one.line,
            one.column,
        )


_CHECK = "migrations/20260101000000_add_check.sql"
_SQL = "ALTER TABLE orders ADD CONSTRAINT c CHECK (state IS NOT NULL) NOT VALID;\n"

RULE = Rule(
    name="locks/set-not-null",
    severity=Severity.CRITICAL,
    summary="SET NOT NULL has to read a whole existing table.",
    why=(
        "PostgreSQL looks for NULLs while it holds the strongest lock there is. A validated CHECK "
        "(column IS NOT NULL) spares it that: VALIDATE reads the table while others write to it."
    ),
    instead="CHECK ... NOT VALID, VALIDATE in a later migration, then SET NOT NULL.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders ALTER COLUMN state SET NOT NULL;\n"),
        Example(
            "ALTER TABLE orders ALTER COLUMN state SET NOT NULL;\n"
            "ALTER TABLE orders DROP CONSTRAINT orders_owner_fkey;\n"
        ),
        Example(
            "ALTER TABLE orders ALTER COLUMN state SET NOT NULL;\n",
            others=((_CHECK, _SQL),),
        ),
        Example("ALTER TABLE orders ADD CONSTRAINT n NOT NULL state;\n"),
    ),
    good=(
        Example("ALTER TABLE orders ADD CONSTRAINT n NOT NULL state NOT VALID;\n"),
        Example(
            "ALTER TABLE orders ALTER COLUMN state SET NOT NULL;\n"
            "ALTER TABLE orders DROP CONSTRAINT orders_state_not_null;\n"
        ),
        Example(
            "ALTER TABLE orders VALIDATE CONSTRAINT orders_state_check;\n"
            "ALTER TABLE orders ALTER COLUMN state SET NOT NULL;\n"
        ),
        Example(
            "ALTER TABLE public.orders ALTER COLUMN state SET NOT NULL;\n",
            others=(
                (_CHECK, _SQL),
                (
                    "migrations/20260101000001_validate.sql",
                    "ALTER TABLE orders VALIDATE CONSTRAINT c;\n",
                ),
            ),
        ),
        Example(
            "CREATE TABLE orders (state text);\nALTER TABLE orders ALTER state SET NOT NULL;\n"
        ),
        Example("ALTER TABLE orders ALTER COLUMN state DROP NOT NULL;\n"),
    ),
    replaces=("squawk/adding-not-nullable-field", "squawk/constraint-missing-not-valid"),
)
