"""A table without its primary key."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    renewed = {one.key for one in subject.operations if _adds_key(one)}
    for one in subject.operations:
        if one.kind != "ALTER TABLE DropConstraint" or not one.node.name.endswith("_pkey"):
            continue
        if subject.on_existing(one) and one.key not in renewed:
            yield Problem(
                f"{one.node.name} is the primary key of {one.spelled}. Without it rows can be "
                "there twice, foreign keys to it must go, and logical replication refuses every "
                "UPDATE and DELETE of the table.",
                f"Add the new primary key of {one.spelled} in the same statement, with USING INDEX "
                "on a unique index that was built CONCURRENTLY before.",
                one.line,
                one.column,
            )


def _adds_key(one: Operation) -> bool:
    if one.kind != "ALTER TABLE AddConstraint":
        return False
    constraint = objects.unwrapped(getattr(one.node, "def"))[1]
    return objects.enum_name(constraint, "contype") == "CONSTR_PRIMARY"


RULE = Rule(
    name="data/drop-primary-key",
    severity=Severity.CRITICAL,
    summary="A primary key is dropped and no other one takes its place.",
    why=(
        "The primary key is what replication and change capture know a row by (its replica "
        "identity), what foreign keys point to, and what keeps rows apart."
    ),
    instead="Replace a primary key in one statement.",
    check=_check,
    bad=(Example("ALTER TABLE orders DROP CONSTRAINT orders_pkey;\n"),),
    good=(
        Example(
            "ALTER TABLE orders DROP CONSTRAINT orders_pkey, "
            "ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_id_key;\n"
        ),
        Example("ALTER TABLE orders DROP CONSTRAINT orders_total_check;\n"),
    ),
    replaces=("squawk/ban-drop-constraint",),
)
