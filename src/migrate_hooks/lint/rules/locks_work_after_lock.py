"""Slow work while a lock of the same transaction keeps others out."""

from collections.abc import Iterable

from migrate_hooks.lint import held, writes
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Lock, Operation

_VALIDATE = "ALTER TABLE ValidateConstraint"
_WORK = {
    _VALIDATE: "VALIDATE CONSTRAINT reads every row of {table}",
    "CREATE TABLE AS": "the query that fills {table} reads its rows",
    "REFRESH MATERIALIZED VIEW": "REFRESH fills {table} anew",
}


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind not in _WORK or not _is_slow(one, subject):
            continue
        lock = _lock(one, subject)
        if lock is not None:
            work = _WORK[one.kind].format(table=one.spelled)
            yield Problem(
                f"{held.said(lock)} takes {held.named(lock)} and the transaction still holds it "
                f"while {work}: {held.blocked(lock)} waits until that is done.",
                f"Move it to a later migration, so that the lock on {lock.spelled} is gone before "
                "the slow part starts.",
                one.line,
                one.column,
                _severity(one, lock),
            )


def _is_slow(one: Operation, subject: Subject) -> bool:
    if one.kind == "CREATE TABLE AS":
        return not one.node.into.skip_data and writes.reads_existing(subject, one.node.query)
    return subject.on_existing(one)


def _lock(one: Operation, subject: Subject) -> Operation | None:
    """Return the lock that work makes long: any on its own table, or one that stops reads."""
    locks = [
        lock
        for lock in held.before(subject, one)
        if lock.kind not in _WORK and (lock.lock == Lock.ACCESS_EXCLUSIVE or lock.key == one.key)
    ]
    return max(locks, key=lambda lock: (lock.key == one.key, lock.lock), default=None)


def _severity(one: Operation, lock: Operation) -> Severity:
    """Return critical for VALIDATE under a lock on its own table: NOT VALID was in vain."""
    in_vain = one.kind == _VALIDATE and lock.key == one.key
    return Severity.CRITICAL if in_vain else Severity.WARNING


_ADD = "ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) NOT VALID;\n"
_VALID = "ALTER TABLE orders VALIDATE CONSTRAINT c;\n"

RULE = Rule(
    name="locks/work-after-lock",
    severity=Severity.WARNING,
    summary="A slow statement follows while an earlier one's lock is still held.",
    why=(
        "A transaction gives no lock back before it ends. NOT VALID followed by VALIDATE in one "
        "transaction reads the table under the lock of the first, which is what NOT VALID was to "
        "avoid. An index built after an ALTER TABLE is told by locks/index-build."
    ),
    instead="End the transaction first: put the slow statement in the next migration.",
    check=_check,
    bad=(
        Example(_ADD + _VALID),
        Example(
            "ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES users NOT VALID;\n"
            "ALTER TABLE orders VALIDATE CONSTRAINT f;\n"
        ),
        Example("ALTER TABLE users ADD COLUMN a int;\n" + _VALID),
        Example(_ADD.replace(";", ", VALIDATE CONSTRAINT c;")),
        Example(
            "ALTER TABLE orders ADD COLUMN a int;\n"
            "CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders;\n"
        ),
    ),
    good=(
        Example(_ADD),
        Example(_VALID),
        Example("-- migrate-hooks: no-transaction\n" + _ADD + _VALID),
        Example("CREATE TABLE orders (total int);\n" + _ADD + _VALID),
        Example("CREATE TABLE n (a int);\nALTER TABLE orders ADD b int;\nCREATE INDEX ON n (a);\n"),
        Example("ALTER TABLE orders ADD COLUMN a int;\nCREATE TABLE one AS SELECT 1 AS a;\n"),
    ),
    replaces=("squawk/constraint-missing-not-valid",),
)
