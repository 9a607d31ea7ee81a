"""BEGIN and COMMIT inside a migration."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity

_VERBS = frozenset(
    {
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "PREPARE TRANSACTION",
        "COMMIT PREPARED",
        "ROLLBACK PREPARED",
    }
)


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for found in (*subject.up, *subject.down):
        if found.verb in _VERBS:
            yield Problem(
                f"{found.verb} ends or starts a transaction in the middle of the migration. The "
                "runner's own transaction would be over, and a later failure would leave half of "
                "the change behind.",
                f"Delete {found.verb}: the migration already runs in one transaction with its "
                "ledger row. Use `-- migrate-hooks: no-transaction` if it must not.",
                found.line,
                found.column,
            )


RULE = Rule(
    name="structure/transaction-control",
    severity=Severity.CRITICAL,
    summary="A migration starts or ends transactions itself.",
    why=(
        "A COMMIT inside the file silently ends the transaction in which the migration and its "
        "ledger row belong together. One BEGIN ... COMMIT around everything is understood and fine."
    ),
    instead="Leave transactions to the runner.",
    check=_check,
    bad=(
        Example("SELECT 1;\nCOMMIT;\nSELECT 2;\n"),
        Example("BEGIN;\nSELECT 1;\nCOMMIT;\nBEGIN;\nSELECT 2;\nCOMMIT;\n"),
        Example("SELECT 1;\nROLLBACK;\nSELECT 2;\n"),
        Example("-- Up\nSELECT 1;\n-- Down\nSELECT 1;\nCOMMIT;\nSELECT 2;\n"),
    ),
    good=(
        Example("BEGIN;\nSELECT 1;\nSELECT 2;\nCOMMIT;\n"),
        Example("DO $$ BEGIN PERFORM 1; COMMIT; END $$;\n"),
        Example("SAVEPOINT one;\nSELECT 1;\nRELEASE one;\n"),
    ),
)
