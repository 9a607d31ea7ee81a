"""REFRESH MATERIALIZED VIEW that keeps readers out."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        is_refresh = one.kind == "REFRESH MATERIALIZED VIEW" and not one.node.concurrent
        if is_refresh and not one.node.skip_data and subject.on_existing(one):
            yield Problem(
                f"REFRESH takes an ACCESS EXCLUSIVE lock on {one.spelled}: everybody who reads it "
                "waits until its query has run from start to end.",
                f"Use REFRESH MATERIALIZED VIEW CONCURRENTLY {one.spelled}; it needs a unique "
                f"index on {one.spelled} that covers all rows.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="locks/refresh",
    severity=Severity.CRITICAL,
    summary="REFRESH MATERIALIZED VIEW without CONCURRENTLY on a view that is in use.",
    why="The view cannot be read while it is filled again, and that takes as long as its query.",
    instead="Refresh it CONCURRENTLY, which compares old and new rows while others read.",
    check=_check,
    bad=(Example("REFRESH MATERIALIZED VIEW sales;\n"),),
    good=(
        Example("REFRESH MATERIALIZED VIEW CONCURRENTLY sales;\n"),
        Example("REFRESH MATERIALIZED VIEW sales WITH NO DATA;\n"),
        Example(
            "CREATE MATERIALIZED VIEW sales AS SELECT 1 AS total WITH NO DATA;\n"
            "REFRESH MATERIALIZED VIEW public.sales;\n"
        ),
    ),
)
