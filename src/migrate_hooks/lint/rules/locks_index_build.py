"""CREATE INDEX on a table in use, without CONCURRENTLY."""

from collections.abc import Iterable

from migrate_hooks.lint import held, past
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Lock, Operation


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "CREATE INDEX" and _reads_rows(one) and subject.on_existing(one):
            is_parted = context.past.is_partitioned(one.key, past.at(subject.version, one))
            hint = _hint_for_partitions(one) if is_parted else _hint(one)
            yield Problem(_message(one, subject), hint, one.line, one.column)


def _reads_rows(one: Operation) -> bool:
    """Return whether the index is built here; ON ONLY leaves that to the partitions."""
    return not one.node.concurrent and bool(one.node.relation.inh)


def _message(one: Operation, subject: Subject) -> str:
    for lock in held.before(subject, one):
        if lock.lock == Lock.ACCESS_EXCLUSIVE and lock.key == one.key:
            return (
                f"CREATE INDEX reads every row of {one.spelled} while the transaction still holds "
                f"the ACCESS EXCLUSIVE lock of {held.said(lock)}: every read and write of "
                f"{one.spelled} waits until the index is built."
            )
    return (
        f"CREATE INDEX takes a SHARE lock on {one.spelled}: every INSERT, UPDATE and DELETE on it "
        "waits until the index is built."
    )


def _hint_for_partitions(one: Operation) -> str:
    name = one.node.idxname or "the index"
    return (
        f"Create {name} ON ONLY {one.spelled}, which builds nothing; then an index on each "
        "partition with CREATE INDEX CONCURRENTLY, each alone in a migration with the line "
        f"`-- migrate-hooks: no-transaction`; then ALTER INDEX {name} ATTACH PARTITION each of "
        "them."
    )


def _hint(one: Operation) -> str:
    name = f" {one.node.idxname}" if one.node.idxname else ""
    return (
        f"Create{name} with CREATE INDEX CONCURRENTLY, alone in a migration with the line "
        "`-- migrate-hooks: no-transaction` (`migrate-hooks new NAME --template create-index` "
        "writes one)."
    )


RULE = Rule(
    name="locks/index-build",
    severity=Severity.CRITICAL,
    summary="An index is built on an existing table while its writers wait.",
    why=(
        "A plain CREATE INDEX stops every write to the table for as long as it takes to read and "
        "sort all rows. Behind an ALTER TABLE in the same transaction it stops reads as well. "
        "CONCURRENTLY takes longer and stops neither."
    ),
    instead="CREATE INDEX CONCURRENTLY, alone in a file that runs without a transaction.",
    check=_check,
    bad=(
        Example("CREATE INDEX orders_state_idx ON orders (state);\n"),
        Example("CREATE UNIQUE INDEX ON shop.orders (number);\n"),
        Example("ALTER TABLE orders ADD COLUMN a int;\nCREATE INDEX i ON orders (a);\n"),
        Example("DO $$ BEGIN\n  CREATE INDEX i ON orders (a);\nEND $$;\n"),
    ),
    good=(
        Example("CREATE INDEX CONCURRENTLY orders_state_idx ON orders (state);\n"),
        Example("CREATE TABLE orders (state text);\nCREATE INDEX ON public.orders (state);\n"),
        Example("CREATE INDEX logs_day_idx ON ONLY logs (day);\n"),
    ),
    replaces=("squawk/require-concurrent-index-creation",),
)
