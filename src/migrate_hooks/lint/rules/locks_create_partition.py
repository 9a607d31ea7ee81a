"""CREATE TABLE ... PARTITION OF a table in use."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "CREATE PARTITION" and subject.on_existing(one):
            part = one.node.relation.relname
            yield Problem(
                f"PARTITION OF {one.spelled} takes an ACCESS EXCLUSIVE lock on {one.spelled}: all "
                f"its reads and writes queue until {part} is there. If {one.spelled} has a default "
                f"partition, every row of that is read meanwhile.",
                f"Create {part} with (LIKE {one.spelled} INCLUDING ALL) and ATTACH PARTITION it, "
                f"which lets others read and write {one.spelled}.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="locks/create-partition",
    severity=Severity.INFO,
    summary="A partition is created in place on a partitioned table that is in use.",
    why=(
        "The lock is short where there is no default partition, but it waits for every query on "
        "the table, and everybody else waits behind it. ATTACH PARTITION needs a much weaker lock "
        "on the parent."
    ),
    instead="CREATE TABLE ... (LIKE parent INCLUDING ALL), then ATTACH PARTITION.",
    check=_check,
    bad=(
        Example("CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM (1) TO (2);\n"),
        Example("CREATE TABLE IF NOT EXISTS audit.logs_d PARTITION OF audit.logs DEFAULT;\n"),
    ),
    good=(
        Example(
            "CREATE TABLE logs (n int) PARTITION BY RANGE (n);\n"
            "CREATE TABLE logs_1 PARTITION OF public.logs FOR VALUES FROM (1) TO (2);\n"
        ),
        Example("CREATE TABLE logs_1 (LIKE logs INCLUDING ALL);\n"),
        Example("CREATE TABLE child (n int) INHERITS (parent);\n"),
    ),
)
