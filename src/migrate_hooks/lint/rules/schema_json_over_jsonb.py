"""json, where jsonb is nearly always meant."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.definitions import columns, place_of, type_of
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        for column in columns(one):
            if type_of(column) == "json":
                line, at = place_of(one, column)
                yield Problem(
                    f"{one.spelled}.{column.colname} is json: it is parsed at every read, has no "
                    "equality and no GIN index, and SELECT DISTINCT on it fails.",
                    f"Declare {column.colname} as jsonb.",
                    line,
                    at,
                )


RULE = Rule(
    name="schema/json-over-jsonb",
    severity=Severity.WARNING,
    summary="A new column has the type json.",
    why="json keeps the text as it came, white space and all, and can do little else.",
    instead="Use jsonb; use json only where the very text must come back.",
    check=_check,
    bad=(
        Example("CREATE TABLE events (id bigint PRIMARY KEY, body json);\n"),
        Example("ALTER TABLE events ADD COLUMN body json;\n"),
    ),
    good=(Example("CREATE TABLE events (id bigint PRIMARY KEY, body jsonb);\n"),),
    opt_in=True,
)
