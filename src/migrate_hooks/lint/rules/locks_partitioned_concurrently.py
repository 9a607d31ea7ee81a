"""CREATE INDEX CONCURRENTLY on a partitioned table."""

from collections.abc import Iterable

from migrate_hooks.lint import past
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        asks = one.kind == "CREATE INDEX" and one.node.concurrent
        if asks and context.past.is_partitioned(one.key, past.at(subject.version, one)):
            yield _problem(one)


def _problem(one: Operation) -> Problem:
    name = one.node.idxname or "the index"
    return Problem(
        f"{one.spelled} is partitioned: PostgreSQL refuses to build an index on it CONCURRENTLY, "
        "and nothing of this migration is applied.",
        f"Create {name} ON ONLY {one.spelled}, then an index on each partition CONCURRENTLY, each "
        f"in a migration of its own, and ALTER INDEX {name} ATTACH PARTITION each of them.",
        one.line,
        one.column,
    )


_PARTED = "CREATE TABLE logs (day date) PARTITION BY RANGE (day);\n"
_RELEASED = (("migrations/20260101000000_logs.sql", _PARTED),)

RULE = Rule(
    name="locks/partitioned-concurrently",
    severity=Severity.CRITICAL,
    summary="CREATE INDEX CONCURRENTLY names a partitioned table.",
    why=(
        "PostgreSQL builds an index CONCURRENTLY on a table of its own only, not on one that is "
        "made of partitions: it refuses the statement."
    ),
    instead="CREATE INDEX ON ONLY the parent, CONCURRENTLY on each partition, then ATTACH them.",
    check=_check,
    bad=(
        Example("CREATE INDEX CONCURRENTLY logs_day_idx ON logs (day);\n", others=_RELEASED),
        Example(f"{_PARTED}CREATE INDEX CONCURRENTLY logs_day_idx ON logs (day);\n"),
    ),
    good=(
        Example("CREATE INDEX logs_day_idx ON ONLY logs (day);\n", others=_RELEASED),
        Example("CREATE INDEX CONCURRENTLY logs_1_day_idx ON logs_1 (day);\n", others=_RELEASED),
    ),
)
