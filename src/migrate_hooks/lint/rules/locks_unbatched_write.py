"""An UPDATE or DELETE of a whole table in one go."""

from collections.abc import Iterable

from migrate_hooks.lint import held, writes
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if writes.is_whole_table(one) and subject.on_existing(one) and not held.commits(one):
            yield Problem(
                f"This {one.kind} has no condition that leaves anything out, so it locks and "
                f"writes every row of {one.spelled} in one transaction: others that write to these "
                "rows wait until the last one is done, and vacuum cannot clean up meanwhile.",
                f"Say which rows of {one.spelled} need it, and work in batches that commit "
                "(`migrate-hooks new NAME --template data-migration`).",
                one.line,
                one.column,
            )


RULE = Rule(
    name="locks/unbatched-write",
    severity=Severity.WARNING,
    summary="An UPDATE or DELETE writes every row of an existing table.",
    why=(
        "One statement over a large table holds a lock on every row that it has reached, fills the "
        "disk with old row versions, and loses all its work when it fails near the end."
    ),
    instead="Loop over batches of some thousand rows, each in a transaction of its own.",
    check=_check,
    bad=(
        Example("UPDATE orders SET state = 'new';\n"),
        Example("UPDATE orders SET state = 'new' WHERE true;\n"),
        Example("UPDATE orders SET state = 'new' WHERE 1 = 1;\n"),
        Example("UPDATE orders SET state = 'new' WHERE id IS NOT NULL;\n"),
    ),
    good=(
        Example("UPDATE orders SET state = 'new' WHERE state IS NULL;\n"),
        Example("CREATE TABLE orders (state text);\nUPDATE orders SET state = 'new';\n"),
        Example("DELETE FROM orders WHERE id = 7;\n"),
        Example(
            "-- migrate-hooks: no-transaction\n"
            "DO $$ BEGIN LOOP UPDATE orders SET a = 1; EXIT; COMMIT; END LOOP; END $$;\n"
        ),
    ),
)
