"""A table whose rows nobody can tell apart."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.definitions import constraints
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    keyed = {one.key for one in subject.operations if _adds_key(one)}
    for one in subject.operations:
        if one.kind != "CREATE TABLE" or one.key in keyed | context.neighbours.gone:
            continue
        if not _has_other_source(one):
            yield Problem(
                f"{one.spelled} has no primary key: its rows can be there twice, and logical "
                "replication refuses UPDATE and DELETE.",
                f"Add a primary key to {one.spelled}, such as id bigint GENERATED ALWAYS AS "
                "IDENTITY PRIMARY KEY.",
                one.line,
                one.column,
            )


def _adds_key(one: Operation) -> bool:
    return any(each.kind == "primary key" for each in constraints(one))


def _has_other_source(one: Operation) -> bool:
    """Return whether the key may come from elsewhere, or the table goes with the session."""
    parts = [each.WhichOneof("node") for each in one.node.table_elts]
    return (
        bool(one.node.inh_relations)
        or "table_like_clause" in parts
        or one.node.relation.relpersistence == "t"
    )


RULE = Rule(
    name="schema/no-primary-key",
    severity=Severity.WARNING,
    summary="A new table has no primary key.",
    why=(
        "Without one a single row cannot be named: not by the application, not by replication, "
        "not by the one who repairs data at night."
    ),
    instead="Give every table a primary key when it is created.",
    check=_check,
    bad=(Example("CREATE TABLE orders (id bigint, note text);\n"),),
    good=(
        Example("CREATE TABLE orders (id bigint PRIMARY KEY);\n"),
        Example("CREATE TABLE orders (a int, b int, PRIMARY KEY (a, b));\n"),
        Example("CREATE TABLE orders (a int);\nALTER TABLE orders ADD PRIMARY KEY (a);\n"),
        Example("CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES IN (2026);\n"),
        Example("CREATE TEMP TABLE draft (a int);\n"),
    ),
    opt_in=True,
)
