"""A schema change and a backfill in one transaction."""

from collections.abc import Iterable

from migrate_hooks.lint import held, writes
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Lock, Operation

_HINT = (
    "Move {what} to a migration of its own (`migrate-hooks new NAME --template data-migration` "
    "writes one that works in batches), and keep only schema changes here."
)


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    locks = held.strong(subject)
    for one in subject.operations:
        if not locks or held.commits(one) or not writes.is_backfill(subject, one):
            continue
        lock = _lock(one, locks)
        if lock is not None:
            hint = _HINT.format(what=f"the {one.kind} of {one.spelled}")
            yield Problem(_message(one, lock), hint, one.line, one.column)


def _lock(one: Operation, locks: Iterable[Operation]) -> Operation | None:
    """Return the lock that weighs most for a backfill.

    A lock on the same table counts wherever it is taken, on another one only when it stops reads
    and is already held.
    """
    mine = [lock for lock in locks if lock.key == one.key]
    others = [
        lock for lock in locks if lock.lock == Lock.ACCESS_EXCLUSIVE and _place(lock) < _place(one)
    ]
    earlier = [lock for lock in mine if _place(lock) < _place(one)]
    return max(earlier or others or mine, key=lambda lock: lock.lock, default=None)


def _place(one: Operation) -> tuple[int, int]:
    return one.line, one.column


def _message(one: Operation, lock: Operation) -> str:
    if _place(lock) < _place(one):
        return (
            f"{held.said(lock)} takes {held.named(lock)}, and the transaction keeps it while this "
            f"{one.kind} writes the rows of {one.spelled}: {held.blocked(lock)} waits until the "
            "last row is done."
        )
    return (
        f"This {one.kind} keeps every row of {one.spelled} that it writes locked until the "
        f"transaction ends, and {held.said(lock)} then waits for {held.named(lock)} on the "
        "same table: all that comes later queues behind it."
    )


RULE = Rule(
    name="locks/ddl-and-backfill",
    severity=Severity.CRITICAL,
    summary="A schema change and the rewriting of rows share one transaction.",
    why=(
        "PostgreSQL keeps a lock until the transaction ends. An ALTER TABLE alone holds its lock "
        "for milliseconds; followed by an UPDATE of a million rows in the same transaction it "
        "holds it for minutes, and the whole table stands still meanwhile."
    ),
    instead=(
        "Change the schema in one migration and the rows in the next, in batches that commit."
    ),
    check=_check,
    bad=(
        Example("ALTER TABLE orders ADD COLUMN total bigint;\nUPDATE orders SET total = 0;\n"),
        Example(
            "ALTER TABLE orders ADD COLUMN region text;\n"
            "UPDATE customers SET region = 'eu' WHERE region IS NULL;\n"
        ),
        Example(
            "CREATE TABLE archive (id bigint PRIMARY KEY);\n"
            "ALTER TABLE orders ADD COLUMN archived boolean;\n"
            "INSERT INTO archive SELECT id FROM orders;\n"
        ),
        Example(
            "CREATE INDEX orders_state_idx ON orders (state);\n"
            "DELETE FROM orders WHERE state = 'void';\n"
        ),
        Example(
            "UPDATE orders SET state = 'new' WHERE state IS NULL;\n"
            "ALTER TABLE orders ALTER COLUMN state SET NOT NULL;\n"
        ),
        Example(
            "DO $$ BEGIN\n  ALTER TABLE orders ADD COLUMN total bigint;\n"
            "  UPDATE orders SET total = 0;\nEND $$;\n"
        ),
        Example(
            "ALTER TABLE orders ADD COLUMN total bigint;\n"
            "WITH done AS (UPDATE orders SET total = 0 RETURNING id) SELECT count(*) FROM done;\n"
        ),
    ),
    good=(
        Example("UPDATE orders SET total = 0 WHERE total IS NULL;\n"),
        Example(
            "CREATE TABLE totals (total bigint);\nINSERT INTO totals SELECT total FROM orders;\n"
        ),
        Example(
            "CREATE TABLE public.totals (total bigint);\nALTER TABLE totals ADD COLUMN day date;\n"
            "UPDATE totals SET day = now();\n"
        ),
        Example(
            "-- migrate-hooks: no-transaction\n"
            "ALTER TABLE orders ADD COLUMN total bigint;\nUPDATE orders SET total = 0;\n"
        ),
        Example(
            "ALTER TABLE orders ADD COLUMN total bigint;\n"
            "INSERT INTO settings (key, value) VALUES ('totals', 'on');\n"
            "UPDATE settings SET value = 'on' WHERE key = 'totals';\n"
            "INSERT INTO settings SELECT 'totals', 1 WHERE NOT EXISTS (SELECT 1 FROM settings);\n"
        ),
        Example("INSERT INTO totals SELECT total FROM orders;\nDROP TABLE orders;\n"),
    ),
    replaces=("locks/unbatched-write",),
)
