"""DETACH PARTITION without CONCURRENTLY."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Lock, Operation

_FIRST = 14  # the first server that detaches CONCURRENTLY


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        waits = one.kind == "ALTER TABLE DetachPartition" and one.lock == Lock.ACCESS_EXCLUSIVE
        if waits and subject.on_existing(one):
            part = objects.unwrapped(getattr(one.node, "def"))[1].name.relname
            yield Problem(
                f"DETACH PARTITION {part} takes an ACCESS EXCLUSIVE lock on {one.spelled}: it "
                f"waits for every query on {one.spelled}, and all reads and writes of all its "
                "partitions queue behind it.",
                _hint(one, part, context.server_version),
                one.line,
                one.column,
            )


def _hint(one: Operation, part: str, server: int | None) -> str:
    if server is not None and server < _FIRST:
        return (
            f"Set a short lock_timeout and repeat until it succeeds: PostgreSQL {server} cannot "
            f"detach {part} CONCURRENTLY, {_FIRST} can."
        )
    return (
        f"Write ALTER TABLE {one.spelled} DETACH PARTITION {part} CONCURRENTLY, alone in a "
        "migration with the line `-- migrate-hooks: no-transaction`. PostgreSQL refuses that where "
        f"{one.spelled} has a default partition: set a short lock_timeout there."
    )


RULE = Rule(
    name="locks/detach-partition",
    severity=Severity.CRITICAL,
    summary="A partition is detached while the whole partitioned table is out of reach.",
    why=(
        "The catalog change takes a moment; the wait for the lock does not. One long query on any "
        "partition keeps it waiting, and everybody else queues behind it."
    ),
    instead="DETACH PARTITION ... CONCURRENTLY, alone in a file that runs without a transaction.",
    check=_check,
    bad=(
        Example("ALTER TABLE logs DETACH PARTITION logs_2019;\n"),
        Example('ALTER TABLE IF EXISTS audit."Logs" DETACH PARTITION audit."Logs_2019";\n'),
    ),
    good=(
        Example("ALTER TABLE logs DETACH PARTITION logs_2019 CONCURRENTLY;\n"),
        Example("ALTER TABLE logs DETACH PARTITION logs_2019 FINALIZE;\n"),
        Example(
            "CREATE TABLE logs (day date) PARTITION BY RANGE (day);\n"
            "CREATE TABLE logs_2019 PARTITION OF logs DEFAULT;\n"
            "ALTER TABLE logs DETACH PARTITION logs_2019;\n"
        ),
    ),
    replaces=("squawk/require-concurrent-partition-detach",),
)
