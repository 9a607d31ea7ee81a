"""DROP VIEW on a view that somebody reads."""

from collections.abc import Iterable

from migrate_hooks.lint import replaced_names
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.operations import Operation

_VIEWS = {"DROP VIEW": "view", "DROP MATVIEW": "materialized view"}


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind not in _VIEWS or not subject.on_existing(one):
            continue
        if not replaced_names.is_view_made_here(subject, one):
            yield _problem(one, replaced_names.comes_back(subject, one))


def _problem(one: Operation, back: Operation | None) -> Problem:
    what = _VIEWS[one.kind]
    if back is None:
        return Problem(
            f"The {what} {one.spelled} is gone: code that still reads it fails at once.",
            f"Deploy code that no longer reads {one.spelled} first.",
            one.line,
            one.column,
        )
    if what == "view":
        return Problem(
            f"The view {one.spelled} is created again in line {back.line}, but its grants, "
            "comment, triggers and rules are lost.",
            f"Grant on {one.spelled} again here; or use CREATE OR REPLACE VIEW, which keeps "
            "grants and can add columns at the end.",
            one.line,
            one.column,
            Severity.INFO,
        )
    return Problem(
        f"Readers of the materialized view {one.spelled} wait from this DROP until line "
        f"{back.line} has filled it again; its grants and indexes are lost.",
        f"Fill a second one beside {one.spelled}, index it, and swap the names in a later "
        "migration.",
        one.line,
        one.column,
    )


RULE = Rule(
    name="data/drop-view",
    severity=Severity.WARNING,
    summary="A view or materialized view is dropped.",
    why=(
        "A view has no rows of its own, so nothing is lost for ever; but code that was deployed "
        "before the migration reads it, and grants go with it."
    ),
    instead="Stop reading the view, deploy, and drop it later; CREATE OR REPLACE to change it.",
    check=_check,
    bad=(
        Example("DROP VIEW totals;\n"),
        Example("DROP MATERIALIZED VIEW IF EXISTS shop.totals;\n"),
        Example("DROP VIEW totals;\nCREATE VIEW totals AS SELECT 1 AS a;\n"),
        Example(
            "DROP MATERIALIZED VIEW totals;\nCREATE MATERIALIZED VIEW totals AS SELECT 1 AS a;\n"
        ),
    ),
    good=(
        Example("CREATE OR REPLACE VIEW totals AS SELECT 1 AS a;\n"),
        Example("CREATE VIEW draft AS SELECT 1 AS a;\nDROP VIEW public.draft;\n"),
        Example("CREATE MATERIALIZED VIEW m AS SELECT 1 AS a;\nDROP MATERIALIZED VIEW m;\n"),
        Example("-- Up\nCREATE VIEW totals AS SELECT 1 AS a;\n-- Down\nDROP VIEW totals;\n"),
    ),
    replaces=("squawk/ban-drop-view",),
)
