"""What REFERENCES costs a new column: without a default there is no value to look up.

Verified against a server (tests/lint/test_foreign_key_rules.py).
"""

from migrate_hooks.lint import definitions
from migrate_hooks.lint.facts import Subject
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_FILLS = frozenset({"CONSTR_DEFAULT", "CONSTR_GENERATED", "CONSTR_IDENTITY"})


def has_default(one: Operation) -> bool:
    """Return whether the column that ADD COLUMN makes has a value in old rows."""
    (column,) = definitions.columns(one)
    kinds = {
        objects.enum_name(objects.unwrapped(part)[1], "contype") for part in column.constraints
    }
    return bool(kinds & _FILLS)


def is_free(one: Operation, subject: Subject) -> bool:
    """Return whether the REFERENCES of ADD COLUMN reads no row and locks no other table in use."""
    keys = [each for each in definitions.constraints(one) if each.kind == "foreign key"]
    tables = (
        (each.node.pktable.schemaname or "public", each.node.pktable.relname) for each in keys
    )
    return not has_default(one) and not any(subject.is_old(table, one) for table in tables)
