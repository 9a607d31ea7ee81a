"""A constraint or index whose name PostgreSQL makes up."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.definitions import constraints, place_of
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "CREATE INDEX" and not one.node.idxname:
            yield _problem("index", one.spelled, one.line, one.column)
        for each in constraints(one):
            if not each.name and not each.is_inline and each.kind != "primary key":
                yield _problem(each.kind, one.spelled, *place_of(one, each.node))


def _problem(what: str, table: str, line: int, column: int) -> Problem:
    article = "an" if what[0] in "aeio" else "a"
    return Problem(
        f"{article.capitalize()} {what} of {table} has no name, so PostgreSQL makes one up: "
        "databases with another history may have another one, and DOWN cannot name it for certain.",
        f"Give the {what} a name of yours.",
        line,
        column,
    )


RULE = Rule(
    name="schema/unnamed-constraint",
    severity=Severity.WARNING,
    summary="A constraint of a table, or an index, has no name.",
    why=(
        "To drop or replace it later its name is needed in every environment, and error messages "
        "of the application show it."
    ),
    instead="Write CONSTRAINT name, and CREATE INDEX name.",
    check=_check,
    bad=(
        Example("ALTER TABLE orders ADD CHECK (total > 0) NOT VALID;\n"),
        Example("CREATE TABLE orders (a int PRIMARY KEY, b int, UNIQUE (a, b));\n"),
        Example("CREATE INDEX ON orders (total);\n"),
    ),
    good=(
        Example("ALTER TABLE orders ADD CONSTRAINT paid CHECK (total > 0) NOT VALID;\n"),
        Example("CREATE TABLE orders (a int PRIMARY KEY, b int UNIQUE);\n"),
    ),
    opt_in=True,
)
