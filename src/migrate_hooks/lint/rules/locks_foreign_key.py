"""A foreign key on a table in use that is checked at once."""

from collections.abc import Iterable

from migrate_hooks.lint import definitions, references
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.definitions import Constraint
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one, key in definitions.added(subject.operations):
        if key.kind != "foreign key" or key.node.skip_validation or not subject.on_existing(one):
            continue
        if not key.is_inline:
            yield _checked(one, key)
        elif not references.is_free(one, subject):
            yield _with_column(one, key)


def _checked(one: Operation, key: Constraint) -> Problem:
    name = key.name or f"{one.table}_{'_'.join(key.columns)}_fkey"
    return Problem(
        f"The foreign key from {one.spelled} ({', '.join(key.columns)}) to {_other(key)} takes a "
        f"SHARE ROW EXCLUSIVE lock on both tables: nobody writes to either while every row of "
        f"{one.spelled} is looked up in {_other(key)}.",
        f"Add {name} with NOT VALID at its end, which reads no row, and run ALTER TABLE "
        f"{one.spelled} VALIDATE CONSTRAINT {name} in a later migration.",
        *definitions.place_of(one, key.node),
    )


def _with_column(one: Operation, key: Constraint) -> Problem:
    """Return what a REFERENCES of ADD COLUMN means: without a default there is nothing to check."""
    (column,) = key.columns
    name = f"{one.table}_{column}_fkey"
    work = (
        f"keeps both while every row of {one.spelled} is looked up in {_other(key)}"
        if references.has_default(one)
        else "no row is read, but both must be had at once, and all that comes later queues behind"
    )
    return Problem(
        f"The new column {column} with REFERENCES takes an ACCESS EXCLUSIVE lock on {one.spelled} "
        f"and a SHARE ROW EXCLUSIVE lock on {_other(key)}: {work}.",
        f"Add {column} to {one.spelled} without REFERENCES, then ADD CONSTRAINT {name} FOREIGN KEY "
        f"({column}) REFERENCES {_other(key)} NOT VALID in a migration of its own, and VALIDATE it "
        "in a later one.",
        *definitions.place_of(one, key.node),
        Severity.CRITICAL if references.has_default(one) else Severity.WARNING,
    )


def _other(key: Constraint) -> str:
    table = key.node.pktable
    plain = table.schemaname in ("", "public")
    return str(table.relname if plain else f"{table.schemaname}.{table.relname}")


RULE = Rule(
    name="locks/foreign-key",
    severity=Severity.CRITICAL,
    summary="A foreign key is added to an existing table and checked while its writers wait.",
    why=(
        "PostgreSQL looks every row up in the other table while nobody may write to either of "
        "them. NOT VALID leaves that to VALIDATE CONSTRAINT, which both tables' writers do not "
        "notice; new rows are checked from the first moment. A new column without a default has "
        "nothing to look up, so its REFERENCES is a warning: it needs two strong locks at once."
    ),
    instead="ADD CONSTRAINT ... NOT VALID here, VALIDATE CONSTRAINT in a later migration.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users;\n"),
        Example(
            "ALTER TABLE ONLY shop.orders\n    ADD COLUMN note text,\n"
            "    ADD CONSTRAINT by FOREIGN KEY (user_id) REFERENCES shop.users (id);\n"
        ),
        Example("ALTER TABLE orders ADD COLUMN user_id bigint DEFAULT 1 REFERENCES users;\n"),
        Example("ALTER TABLE orders ADD COLUMN user_id bigint REFERENCES users;\n"),
        Example(
            "CREATE TABLE users (id bigint PRIMARY KEY);\n"
            "ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users;\n"
        ),
    ),
    good=(
        Example("ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users NOT VALID;\n"),
        Example("ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users NOT ENFORCED;\n"),
        Example("ALTER TABLE orders VALIDATE CONSTRAINT orders_user_id_fkey;\n"),
        Example("CREATE TABLE orders (user_id bigint REFERENCES users);\n"),
        Example(
            "CREATE TABLE users (id bigint PRIMARY KEY);\n"
            "ALTER TABLE orders ADD COLUMN user_id bigint REFERENCES users;\n"
        ),
        Example(
            "CREATE TABLE orders (user_id bigint);\n"
            "ALTER TABLE public.orders ADD FOREIGN KEY (user_id) REFERENCES users;\n"
        ),
    ),
    replaces=("squawk/adding-foreign-key-constraint", "squawk/constraint-missing-not-valid"),
)
