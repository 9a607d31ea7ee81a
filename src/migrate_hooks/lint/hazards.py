"""How much each squawk rule weighs for us, and the most common hazards in our own words.

One table, so that a rule's severity and its sentences stand in one place. A rule that is not here
is a warning in squawk's words.
"""

from dataclasses import dataclass

from migrate_hooks.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Hazard:
    """A severity, and a message and a hint with {table} and {target} as the file writes them.

    `on_rows` tells that only a table with rows, or one that somebody already uses, makes it a
    hazard: on a table that no release has seen it is none.
    """

    severity: Severity
    message: str
    hint: str
    on_rows: bool = True


# Our runner sets lock_timeout itself, and structure/transaction-control judges BEGIN and COMMIT by
# what the runner does with them.
CONTRADICTED = frozenset(
    {
        "require-lock-timeout",
        "require-statement-timeout",
        "require-timeout-settings",
        "transaction-nesting",
        "ban-uncommitted-transaction",
    }
)
# What only matters when a failed file is run again: in a transaction it left nothing behind, and
# behind CONCURRENTLY an IF NOT EXISTS would accept the INVALID index of the failed run.
RERUN = "prefer-robust-stmts"
# Taste: how a schema should look is told who asks for it, and a new value at an enum's end is what
# nearly everybody means.
QUIET = frozenset(
    {
        "ban-char-field",
        "prefer-bigint-over-int",
        "prefer-bigint-over-smallint",
        "prefer-identity",
        "prefer-text-field",
        "prefer-timestamp-tz",
        "require-enum-value-ordering",
    }
)
# Reported together with a finding that knows more about the same constraint.
GENERAL = "constraint-missing-not-valid"

# Every rule that squawk has, so that a misspelt one can be told; a test asks squawk itself.
RULES = (
    "adding-field-with-default",
    "adding-foreign-key-constraint",
    "adding-not-nullable-field",
    "adding-required-field",
    "adding-serial-primary-key-field",
    "ban-add-column",
    "ban-add-composite-attribute",
    "ban-add-enum-value",
    "ban-alter-database-options",
    "ban-alter-domain-with-add-constraint",
    "ban-alter-extension",
    "ban-alter-function-options",
    "ban-alter-generated-expression",
    "ban-alter-identity",
    "ban-alter-policy-condition",
    "ban-alter-policy-roles",
    "ban-alter-role-options",
    "ban-alter-row-level-security",
    "ban-alter-sequence-values",
    "ban-alter-system-options",
    "ban-alter-view-options",
    "ban-char-field",
    "ban-concurrent-index-creation-in-transaction",
    "ban-create-domain-with-constraint",
    "ban-create-policy",
    "ban-detach-inheritance",
    "ban-disable-trigger",
    "ban-drop-column",
    "ban-drop-constraint",
    "ban-drop-database",
    "ban-drop-default",
    "ban-drop-domain",
    "ban-drop-extension",
    "ban-drop-function",
    "ban-drop-generated-expression",
    "ban-drop-index",
    "ban-drop-not-null",
    "ban-drop-policy",
    "ban-drop-schema",
    "ban-drop-sequence",
    "ban-drop-table",
    "ban-drop-trigger",
    "ban-drop-type",
    "ban-drop-view",
    "ban-new-write-restriction",
    "ban-replace-view-function",
    "ban-replica-identity",
    "ban-revoke",
    "ban-set-default",
    "ban-set-schema",
    "ban-truncate-cascade",
    "ban-uncommitted-transaction",
    "changing-column-type",
    "constraint-missing-not-valid",
    "disallowed-unique-constraint",
    "identifier-too-long",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-repack",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamp-tz",
    "renaming-column",
    "renaming-object",
    "renaming-table",
    "require-concurrent-index-creation",
    "require-concurrent-index-deletion",
    "require-concurrent-partition-detach",
    "require-concurrent-reindex",
    "require-enum-value-ordering",
    "require-lock-timeout",
    "require-statement-timeout",
    "require-table-schema",
    "require-timeout-settings",
    "transaction-nesting",
)

_ALONE = (
    "alone in a migration with the line `-- migrate-hooks: no-transaction` "
    "(`migrate-hooks new NAME --template create-index` writes one)."
)
MEANT = (
    "put `-- migrate-hooks: ignore squawk/{rule} because ...` (or `-- squawk-ignore {rule}`) in "
    "the line above"
)
_TWO_STEPS = (
    "Add it NOT VALID here, which reads no row, and run ALTER TABLE {table} VALIDATE CONSTRAINT "
    "in a later migration."
)
_LOSES = (
    "Deploy code that no longer uses it, take a backup, then say that you mean it: " + MEANT + "."
)
_RENAMES = (
    "Let both names live side by side for a while (`migrate-hooks new NAME --template "
    "rename-column` writes the first step), or, if nothing runs against it, " + MEANT + "."
)
_CRITICAL = Severity.CRITICAL

HAZARDS: dict[str, Hazard] = {
    "require-concurrent-index-creation": Hazard(
        _CRITICAL,
        "CREATE INDEX takes a SHARE lock on {table}: every INSERT, UPDATE and DELETE on it waits "
        "until the index is built.",
        "Create it with CREATE INDEX CONCURRENTLY, " + _ALONE,
    ),
    "require-concurrent-index-deletion": Hazard(
        _CRITICAL,
        "DROP INDEX {target} takes an ACCESS EXCLUSIVE lock on the index's table: reads and writes "
        "of it wait, behind every query that is still running.",
        "Drop it with DROP INDEX CONCURRENTLY {target}, " + _ALONE,
    ),
    "require-concurrent-reindex": Hazard(
        _CRITICAL,
        "REINDEX {target} blocks writes to the table, and reads that would use the index, until it "
        "is rebuilt.",
        "Rebuild it with REINDEX ... CONCURRENTLY, " + _ALONE,
    ),
    "require-concurrent-partition-detach": Hazard(
        _CRITICAL,
        "DETACH PARTITION takes an ACCESS EXCLUSIVE lock on {table}: all its partitions are out of "
        "reach meanwhile.",
        "Use DETACH PARTITION ... CONCURRENTLY, " + _ALONE,
    ),
    "ban-concurrent-index-creation-in-transaction": Hazard(
        _CRITICAL,
        "CREATE INDEX CONCURRENTLY on {table} cannot run inside a transaction, and this migration "
        "runs in one: PostgreSQL will refuse it.",
        "Add the line `-- migrate-hooks: no-transaction` and move the other statements to a "
        "migration of their own.",
        on_rows=False,
    ),
    "adding-foreign-key-constraint": Hazard(
        _CRITICAL,
        "The foreign key takes a SHARE ROW EXCLUSIVE lock on {table} and on the table that it "
        "points to: nobody writes to either while every row of {table} is checked.",
        _TWO_STEPS,
    ),
    "constraint-missing-not-valid": Hazard(
        _CRITICAL,
        "The new constraint is checked against every row of {table} under an ACCESS EXCLUSIVE "
        "lock: nobody reads or writes it meanwhile.",
        _TWO_STEPS,
    ),
    "disallowed-unique-constraint": Hazard(
        _CRITICAL,
        "UNIQUE builds its index on {table} under an ACCESS EXCLUSIVE lock: nobody reads or writes "
        "it until that is done.",
        "Build it first with CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then "
        "ALTER TABLE {table} ADD CONSTRAINT ... UNIQUE USING INDEX with that index's name.",
    ),
    "adding-serial-primary-key-field": Hazard(
        _CRITICAL,
        "PRIMARY KEY builds its index on {table} under an ACCESS EXCLUSIVE lock: nobody reads or "
        "writes it until that is done.",
        "Build it first with CREATE UNIQUE INDEX CONCURRENTLY in a migration of its own, then "
        "ALTER TABLE {table} ADD PRIMARY KEY USING INDEX with that index's name.",
    ),
    "adding-not-nullable-field": Hazard(
        _CRITICAL,
        "SET NOT NULL reads every row of {table} under an ACCESS EXCLUSIVE lock: nobody reads or "
        "writes it meanwhile.",
        "Add a CHECK (... IS NOT NULL) NOT VALID to {table}, VALIDATE it in a later migration and "
        "SET NOT NULL after that: PostgreSQL then trusts the check and reads nothing.",
    ),
    "adding-required-field": Hazard(
        _CRITICAL,
        "The new column of {table} is NOT NULL without a default: adding it fails as soon as "
        "{table} has one row, and running code that does not know it cannot insert.",
        "Give it a constant DEFAULT, or add it nullable, fill it in batches and make it NOT NULL "
        "in a later migration.",
    ),
    "adding-field-with-default": Hazard(
        _CRITICAL,
        "The new column's value differs from row to row, so PostgreSQL rewrites {table} under an "
        "ACCESS EXCLUSIVE lock: nobody reads or writes it meanwhile.",
        "Add the column to {table} without a default, set the default in a second ALTER TABLE and "
        "fill old rows in batches (`migrate-hooks new NAME --template data-migration`).",
    ),
    "changing-column-type": Hazard(
        _CRITICAL,
        "Changing a column's type takes an ACCESS EXCLUSIVE lock on {table} and, for most types, "
        "rewrites every row and index: nobody reads or writes it meanwhile.",
        "Add a column of the new type to {table}, copy in batches, switch the code, then drop the "
        "old one. If PostgreSQL need not rewrite (varchar to text), " + MEANT + ".",
    ),
    "ban-drop-column": Hazard(
        _CRITICAL,
        "Dropping a column of {table} loses its data, and code that still names it fails at once.",
        _LOSES,
    ),
    "ban-drop-table": Hazard(
        _CRITICAL,
        "DROP TABLE {target} loses its rows, and code that still names it fails at once.",
        _LOSES,
    ),
    "ban-drop-schema": Hazard(
        _CRITICAL, "DROP SCHEMA {target} loses everything that is in it.", _LOSES
    ),
    "ban-drop-database": Hazard(
        _CRITICAL, "DROP DATABASE {target} loses everything that is in it.", _LOSES
    ),
    "ban-truncate-cascade": Hazard(
        _CRITICAL,
        "TRUNCATE {target} CASCADE also empties every table with a foreign key to it, and those "
        "that point to them.",
        "Name exactly the tables that shall be emptied, without CASCADE.",
    ),
    "renaming-column": Hazard(
        _CRITICAL,
        "Renaming a column of {table} breaks the code that is running at that moment.",
        _RENAMES,
    ),
    "ban-set-schema": Hazard(
        _CRITICAL,
        "SET SCHEMA moves {table} away from the code that is running at that moment.",
        "Leave a view of the old name behind in the same migration until no code reads it, or, if "
        "nothing runs against it, " + MEANT + ".",
    ),
    "renaming-table": Hazard(
        _CRITICAL, "Renaming {table} breaks the code that is running at that moment.", _RENAMES
    ),
}
