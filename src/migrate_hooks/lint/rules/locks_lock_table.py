"""LOCK TABLE in a migration."""

from collections.abc import Iterable

from migrate_hooks.lint import held
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Lock


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "LOCK TABLE" and one.lock >= Lock.SHARE and subject.on_existing(one):
            yield Problem(
                f"LOCK TABLE takes {held.named(one)} on {one.spelled} and keeps it until the "
                f"migration ends: {held.blocked(one)} waits that long.",
                f"Delete LOCK TABLE {one.spelled}: every statement takes the lock that it needs by "
                "itself, when it needs it.",
                one.line,
                one.column,
                None if one.lock == Lock.ACCESS_EXCLUSIVE else Severity.WARNING,
            )


RULE = Rule(
    name="locks/lock-table",
    severity=Severity.CRITICAL,
    summary="LOCK TABLE keeps others out of an existing table until the migration ends.",
    why=(
        "A lock taken by hand is held from that line to the end of the transaction, however long "
        "the statements between take. A mode that only stops writes is a warning."
    ),
    instead="Let statements take their own locks; keep the migration short.",
    check=_check,
    bad=(
        Example("LOCK TABLE orders;\nALTER TABLE orders ADD COLUMN a int;\n"),
        Example("LOCK orders IN SHARE ROW EXCLUSIVE MODE;\n"),
    ),
    good=(
        Example("LOCK TABLE orders IN ROW SHARE MODE;\n"),
        Example("CREATE TABLE orders (id bigint);\nLOCK TABLE orders;\n"),
    ),
)
