"""A NOT NULL column without a default on a table that may have rows."""

from collections.abc import Iterable

from migrate_hooks.lint import definitions, required
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind != "ALTER TABLE AddColumn" or not subject.on_existing(one):
            continue
        (column,) = definitions.columns(one)
        if required.lacks_value(column):
            name = column.colname
            yield Problem(
                f"The new column {name} of {one.spelled} is NOT NULL and has no default: adding it "
                f"fails as soon as {one.spelled} has one row, and code that does not know {name} "
                "yet cannot insert.",
                f"Give {name} a constant DEFAULT; or add it nullable, fill {one.spelled} in "
                f"batches, and make {name} NOT NULL in a later migration.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="data/required-column",
    severity=Severity.CRITICAL,
    summary="A new column of an existing table is NOT NULL without a default.",
    why=(
        "The rows that are there get NULL, which NOT NULL refuses: the migration fails everywhere "
        "but on an empty table. Where it succeeds, every INSERT of code that does not know the "
        "column fails."
    ),
    instead="A constant DEFAULT, which costs nothing; or nullable, a backfill, then NOT NULL.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders ADD COLUMN region text NOT NULL;\n"),
        Example("ALTER TABLE orders ADD COLUMN region text DEFAULT NULL::text NOT NULL;\n"),
        Example("ALTER TABLE IF EXISTS ONLY shop.orders ADD a int, ADD b uuid NOT NULL;\n"),
        Example("ALTER TABLE orders ADD COLUMN id uuid PRIMARY KEY;\n"),
    ),
    good=(
        Example("ALTER TABLE orders ADD COLUMN region text NOT NULL DEFAULT 'eu';\n"),
        Example("ALTER TABLE orders ADD COLUMN region text;\n"),
        Example("ALTER TABLE orders ADD COLUMN n bigserial NOT NULL;\n"),
        Example("ALTER TABLE orders ADD n bigint NOT NULL GENERATED ALWAYS AS IDENTITY;\n"),
        Example("ALTER TABLE orders ADD n int NOT NULL GENERATED ALWAYS AS (a * 2) STORED;\n"),
        Example("CREATE TABLE orders (a int);\nALTER TABLE orders ADD b text NOT NULL;\n"),
    ),
    replaces=("squawk/adding-required-field",),
)
