"""Reasons not to run a plan although it could be run: pure questions about values."""

from collections.abc import Iterator, Sequence

from migrate_hooks.model.environment import Target
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.history import Direction, Plan, Step
from migrate_hooks.model.migration import Migration
from migrate_hooks.sql import psql

_TRANSACTION_CONTROL = frozenset(
    {"BEGIN", "COMMIT", "ROLLBACK", "PREPARE TRANSACTION", "COMMIT PREPARED", "ROLLBACK PREPARED"}
)
_ACTIONS = {Direction.UP: "apply", Direction.DOWN: "rollback"}
_POOLER_PORT = "6543"


def cannot_run(plan: Plan) -> tuple[Finding, ...]:
    """Return what in the plan's files no runner could carry out safely; nothing must run then."""
    return tuple(finding for step in plan.steps for finding in (*_empty(step), *_unrunnable(step)))


def _empty(step: Step) -> Iterator[Finding]:
    if step.direction is Direction.UP and not step.script.statements:
        path = step.migration.path
        yield Finding(
            "apply/empty",
            Severity.CRITICAL,
            f"{path} has no statement to run; the ledger would call it applied, and what "
            "is written into it later would never run.",
            FilePlace(path),
            "Complete its UP section, or write `SELECT 1;` there if it is empty on purpose.",
        )


def _unrunnable(step: Step) -> Iterator[Finding]:
    script, action = step.script, _ACTIONS[step.direction]
    for statement in script.statements:
        place = FilePlace(step.path, statement.line, statement.column)
        if statement.verb in _TRANSACTION_CONTROL:
            yield Finding(
                f"{action}/transaction-control",
                Severity.CRITICAL,
                f"{statement.verb} would end the transaction that keeps these statements and "
                "their ledger row together, and leave half of them behind.",
                place,
                "Remove it: every migration runs in a transaction of its own. Split the file where "
                "two transactions are meant.",
            )
        elif psql.is_command(statement) or psql.copies_through_client(statement):
            yield Finding(
                f"{action}/psql-only",
                Severity.CRITICAL,
                "This needs psql: it is no SQL that a server understands.",
                place,
                "Write it as SQL (INSERT instead of COPY … FROM stdin), or run it by hand.",
            )
        elif statement.verb == "DISCARD" and not statement.transactional:
            yield Finding(
                f"{action}/discard",
                Severity.CRITICAL,
                "DISCARD ALL gives back the lock that keeps other runs away, and the timeouts of "
                "this one, in the middle of the file.",
                place,
                "Remove it: after every migration the session is as it was before.",
            )
        elif script.in_transaction and not statement.transactional:
            yield Finding(
                f"{action}/not-in-transaction",
                Severity.CRITICAL,
                f"PostgreSQL refuses {statement.verb} of this kind inside a transaction, and the "
                "other statements of this file want one.",
                place,
                "Move it into a migration of its own, marked `-- migrate-hooks: no-transaction`.",
            )


def uses_pooler_port(target: Target) -> bool:
    """Return whether the DSN names Supabase's transaction pooler, or says it is PgBouncer."""
    return target.port == _POOLER_PORT or target.pooled


def duplicates(migrations: Sequence[Migration]) -> tuple[Finding, ...]:
    """Return a finding for every version that two files claim: the ledger can hold only one."""
    seen: dict[str, Migration] = {}
    found = []
    for migration in migrations:
        first = seen.setdefault(migration.version.text, migration)
        if first is not migration:
            found.append(
                Finding(
                    "naming/duplicate-version",
                    Severity.CRITICAL,
                    f"Version {migration.version.text} is also that of {first.path}; "
                    "the ledger can hold only one of them.",
                    FilePlace(migration.path),
                    "Rename the newer file to a later timestamp.",
                )
            )
    return tuple(found)
