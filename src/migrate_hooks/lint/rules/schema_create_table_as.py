"""CREATE TABLE AS and SELECT INTO."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if _is_table_from_query(one):
            words = "SELECT INTO" if one.kind == "SELECT INTO" else "CREATE TABLE AS"
            yield Problem(
                f"{words} gives {one.spelled} the columns of a query, but no key, NOT NULL, "
                "default, index or comment, and reads and writes all rows in one transaction.",
                f"Write CREATE TABLE {one.spelled} (LIKE ... INCLUDING ALL), or with its columns "
                "spelled out, and copy the rows in batches in a migration of its own.",
                one.line,
                one.column,
            )


def _is_table_from_query(one: Operation) -> bool:
    if one.kind == "SELECT INTO":
        return bool(one.node.into_clause.rel.relpersistence != "t")
    if one.kind != "CREATE TABLE AS" or objects.enum_name(one.node, "objtype") != "OBJECT_TABLE":
        return False
    return bool(one.node.into.rel.relpersistence != "t")


RULE = Rule(
    name="schema/create-table-as",
    severity=Severity.WARNING,
    summary="A table is created from a query, without keys and constraints.",
    why=(
        "What the old table promised about its rows is lost in the copy: keys, NOT NULL, defaults, "
        "checks. And the query holds one transaction open for as long as it takes."
    ),
    instead="CREATE TABLE ... (LIKE ... INCLUDING ALL), then INSERT in batches.",
    check=_check,
    bad=(
        Example("CREATE TABLE old_orders AS SELECT * FROM orders WHERE made < '2020-01-01';\n"),
        Example("SELECT * INTO shop.old_orders FROM orders;\n"),
    ),
    good=(
        Example("CREATE TABLE old_orders (LIKE orders INCLUDING ALL);\n"),
        Example("CREATE TEMP TABLE picked AS SELECT 1 AS id;\n"),
        Example("SELECT id INTO TEMP picked FROM orders;\n"),
        Example("CREATE MATERIALIZED VIEW totals AS SELECT sum(total) FROM orders;\n"),
    ),
    opt_in=True,
)
