"""REINDEX without CONCURRENTLY."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Lock, Operation


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind != "REINDEX" or one.lock != Lock.ACCESS_EXCLUSIVE:
            continue
        if one.table and (("index", *one.key) in context.fresh or not subject.on_existing(one)):
            continue
        what = objects.enum_name(one.node, "kind").removeprefix("REINDEX_OBJECT_")
        yield Problem(
            f"REINDEX {_named(one, what)} locks {_tables(one, what)} against writes and each index "
            "that it builds against reads: queries wait, too, because planning one opens every "
            "index of its tables.",
            _hint(one, what),
            one.line,
            one.column,
        )


def _named(one: Operation, what: str) -> str:
    return f"{what} {one.spelled or one.node.name}".strip()


def _tables(one: Operation, what: str) -> str:
    if what == "TABLE":
        return one.spelled
    return f"the table of {one.spelled}" if one.table else "one table after the other"


def _hint(one: Operation, what: str) -> str:
    if what == "SYSTEM":
        return "Plan for a window: PostgreSQL rebuilds the indexes of its catalogs no other way."
    name = f"{what} CONCURRENTLY {one.spelled or one.node.name}".strip()
    return (
        f"Rebuild with REINDEX {name}, alone in a migration with the line "
        "`-- migrate-hooks: no-transaction`."
    )


RULE = Rule(
    name="locks/reindex",
    severity=Severity.CRITICAL,
    summary="REINDEX without CONCURRENTLY keeps writers, and readers, of an existing table out.",
    why=(
        "A plain REINDEX stops every write to the table and locks the index exclusively. The "
        "planner looks at all indexes of a table, so reads stop as well, even those that would "
        "use another one."
    ),
    instead="REINDEX ... CONCURRENTLY, alone in a file that runs without a transaction.",
    check=_check,
    bad=(
        Example("REINDEX TABLE orders;\n"),
        Example("REINDEX INDEX shop.orders_pkey;\n"),
        Example("-- migrate-hooks: no-transaction\nREINDEX SCHEMA shop;\n"),
        Example("REINDEX (VERBOSE) TABLE orders;\n"),
    ),
    good=(
        Example("REINDEX TABLE CONCURRENTLY orders;\n"),
        Example("REINDEX (CONCURRENTLY, VERBOSE) INDEX orders_pkey;\n"),
        Example("CREATE TABLE t (a int);\nREINDEX TABLE public.t;\n"),
        Example("CREATE TABLE t (a int);\nCREATE INDEX i ON t (a);\nREINDEX INDEX i;\n"),
    ),
    replaces=("squawk/require-concurrent-reindex",),
)
