"""A migration that takes everything back."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for half, statements in (("UP", subject.up), ("DOWN", subject.down)):
        if len(statements) > 1 and statements[-1].verb == "ROLLBACK":
            last = statements[-1]
            yield Problem(
                f"{half} ends with ROLLBACK, which undoes everything above it. The ledger would "
                "still call the migration applied, and it would never run again.",
                "Delete the ROLLBACK, and the BEGIN at the start: the migration runs in a "
                "transaction of its own.",
                last.line,
                last.column,
            )


RULE = Rule(
    name="structure/rollback-at-end",
    severity=Severity.CRITICAL,
    summary="A migration ends with ROLLBACK.",
    why=(
        "It is left over from trying the file out. Nothing of the migration stays, and the record "
        "of it says otherwise."
    ),
    instead=(
        "Try a migration with `migrate-hooks apply --env=dev --dry-run=server`, which runs it and "
        "takes it back; leave transactions to the runner."
    ),
    check=_check,
    bad=(
        Example("BEGIN;\nCREATE TABLE orders (id bigint);\nROLLBACK;\n"),
        Example("-- Up\nSELECT 1;\n-- Down\nDROP TABLE orders;\nROLLBACK;\n"),
    ),
    good=(
        Example("BEGIN;\nCREATE TABLE orders (id bigint);\nCOMMIT;\n"),
        Example("SAVEPOINT one;\nSELECT 1;\nROLLBACK TO one;\n"),
    ),
    replaces=("structure/transaction-control",),
)
