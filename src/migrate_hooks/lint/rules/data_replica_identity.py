"""REPLICA IDENTITY NOTHING."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects

_NOTHING = "n"


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind != "ALTER TABLE ReplicaIdentity" or not subject.on_existing(one):
            continue
        if objects.unwrapped(getattr(one.node, "def"))[1].identity_type == _NOTHING:
            yield Problem(
                f"REPLICA IDENTITY NOTHING: as soon as a publication has {one.spelled}, PostgreSQL "
                f"refuses every UPDATE and DELETE on it, because subscribers could not tell which "
                "row is meant.",
                f"Keep REPLICA IDENTITY DEFAULT with a primary key on {one.spelled}, or name a "
                "unique index of NOT NULL columns with USING INDEX.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="data/replica-identity",
    severity=Severity.WARNING,
    summary="A table gives up what tells its rows apart in logical replication.",
    why=(
        "Logical replication, and every change feed built on it, names changed rows by their "
        "replica identity. Without one, the table that is published can only grow."
    ),
    instead="DEFAULT with a primary key, or USING INDEX.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders REPLICA IDENTITY NOTHING;\n"),
        Example("ALTER TABLE ONLY shop.orders REPLICA IDENTITY NOTHING;\n"),
    ),
    good=(
        Example("ALTER TABLE orders REPLICA IDENTITY DEFAULT;\n"),
        Example("ALTER TABLE orders REPLICA IDENTITY USING INDEX orders_key;\n"),
        Example("CREATE TABLE t (a int);\nALTER TABLE t REPLICA IDENTITY NOTHING;\n"),
    ),
    replaces=("squawk/ban-replica-identity",),
)
