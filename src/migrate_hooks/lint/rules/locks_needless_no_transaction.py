"""A file that asks for no transaction although nothing in it needs that."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Lock

_CATALOG = ("CREATE ", "ALTER ", "DROP ", "COMMENT", "GRANT", "REVOKE")


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    if not subject.sections.no_transaction or len(subject.up) < 2:
        return
    if _all_catalog(subject) and not _spreads_locks(subject):
        last = subject.up[-1]
        words = f"{last.verb} {last.target}".strip()
        yield Problem(
            "This migration runs without a transaction and nothing in it needs that: when "
            f"{words} fails, everything above it stays, and no second run can start from there.",
            "Delete the line `-- migrate-hooks: no-transaction`.",
            last.line,
            last.column,
        )


def _all_catalog(subject: Subject) -> bool:
    return all(one.transactional and one.verb.startswith(_CATALOG) for one in subject.up)


def _spreads_locks(subject: Subject) -> bool:
    """Return whether existing tables are locked, so that giving locks back early is the point."""
    return any(
        one.lock >= Lock.SHARE_UPDATE_EXCLUSIVE and subject.on_existing(one)
        for one in subject.operations
    )


RULE = Rule(
    name="locks/needless-no-transaction",
    severity=Severity.WARNING,
    summary="A file gives up its transaction although no statement in it requires that.",
    why=(
        "Without a transaction a failure leaves the first half behind. That price is worth paying "
        "for CONCURRENTLY, for batches that commit, or to give locks back early."
    ),
    instead="Leave the line out: the whole migration then happens or does not.",
    check=_check,
    bad=(
        Example(
            "-- migrate-hooks: no-transaction\n"
            "CREATE TABLE orders (id bigint);\nCREATE INDEX ON orders (id);\n"
        ),
    ),
    good=(
        Example("CREATE TABLE orders (id bigint);\nCREATE INDEX ON orders (id);\n"),
        Example("-- migrate-hooks: no-transaction\nCREATE TABLE orders (id bigint);\n"),
        Example(
            "-- migrate-hooks: no-transaction\n"
            "DROP INDEX CONCURRENTLY IF EXISTS i;\nCREATE INDEX CONCURRENTLY i ON orders (a);\n"
        ),
        Example(
            "-- migrate-hooks: no-transaction\n"
            "ALTER TABLE orders ADD a int;\nALTER TABLE users ADD a int;\n"
        ),
    ),
)
