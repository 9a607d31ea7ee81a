"""ATTACH PARTITION of a table with rows that nothing has checked yet."""

from collections.abc import Iterable

from migrate_hooks.lint import not_null
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

_CHECKS = frozenset({"ALTER TABLE ValidateConstraint", "ALTER TABLE DropConstraint"})


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind != "ALTER TABLE AttachPartition":
            continue
        part = objects.unwrapped(getattr(one.node, "def"))[1].name
        key = (part.schemaname or "public", part.relname)
        proved = any(table == key for table, _ in context.neighbours.proved)
        if not subject.is_old(key, one) or proved or _is_checked(key, subject.operations):
            continue
        yield Problem(
            f"ATTACH PARTITION reads every row of {part.relname} under an ACCESS EXCLUSIVE lock to "
            f"see whether it fits into {one.spelled}, and all of the default partition of "
            f"{one.spelled}, if it has one, under the same lock.",
            f"Add a CHECK with the bounds to {part.relname} as NOT VALID, VALIDATE it in a "
            "migration before this one, and drop it after ATTACH: PostgreSQL then reads nothing.",
            one.line,
            one.column,
        )


def _is_checked(key: tuple[str, str], done: Iterable[Operation]) -> bool:
    """Return whether the file validates a check of the table, or takes one away that it had."""
    return any(one.key == key and (one.kind in _CHECKS or _is_valid_check(one)) for one in done)


def _is_valid_check(one: Operation) -> bool:
    if one.kind != "ALTER TABLE AddConstraint":
        return False
    found = not_null.constraint(one)
    is_check = objects.enum_name(found, "contype") == "CONSTR_CHECK"
    return is_check and not found.skip_validation


_ATTACH = "ALTER TABLE logs ATTACH PARTITION logs_2019 FOR VALUES FROM (2019) TO (2020);\n"

RULE = Rule(
    name="locks/attach-partition",
    severity=Severity.WARNING,
    summary="A table in use is attached as a partition without a check that proves its rows fit.",
    why=(
        "The parent stays open for reads and writes, but the new partition and the default "
        "partition are closed while their rows are read. A validated CHECK with the same bounds "
        "spares PostgreSQL that."
    ),
    instead="CHECK ... NOT VALID, VALIDATE, then ATTACH, then drop the check.",
    check=_check,
    bad=(Example(_ATTACH), Example("ALTER TABLE logs ATTACH PARTITION logs_rest DEFAULT;\n")),
    good=(
        Example("CREATE TABLE logs_2019 (year int);\n" + _ATTACH),
        Example(_ATTACH + "ALTER TABLE logs_2019 DROP CONSTRAINT in_2019;\n"),
        Example("ALTER TABLE logs_2019 VALIDATE CONSTRAINT in_2019;\n" + _ATTACH),
        Example("CREATE TABLE logs_2019 PARTITION OF logs FOR VALUES FROM (2019) TO (2020);\n"),
    ),
)
