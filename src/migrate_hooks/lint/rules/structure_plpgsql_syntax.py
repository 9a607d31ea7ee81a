"""A body that PL/pgSQL refuses."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.functions import ROUTINES, routine, syntax_problem


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        found = routine(one.node) if one.kind in ROUTINES else None
        if found is None or found.language != "plpgsql":
            continue
        wrong = syntax_problem(one.statement, found.body)
        if wrong is not None:
            whose = f"the body of {found.spelled}" if found.spelled else "the body of DO"
            yield Problem(
                f"PL/pgSQL cannot read {whose}: {wrong.message}.",
                "Correct the statement near this line, or the end of the one before it.",
                wrong.line,
            )


_FUNCTION = "CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  {}\nEND $$;\n"

RULE = Rule(
    name="structure/plpgsql-syntax",
    severity=Severity.CRITICAL,
    summary="PL/pgSQL's parser refuses the body of a function or DO block.",
    why=(
        "The server checks a body's syntax when the function is created, so the migration fails. "
        "Names and types are left to the server: only it knows them."
    ),
    instead="Write a body that the server can read.",
    check=_check,
    bad=(
        Example(_FUNCTION.format("RETRUN 1;")),
        Example(_FUNCTION.format("IF true THEN RETURN 1;")),
        Example("DO $$ BEGIN UPDATE orders SET a 1; END $$;\n"),
    ),
    good=(
        Example(_FUNCTION.format("RETURN 1;")),
        Example("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';\n"),
        Example(
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nDECLARE\n"
            "  row orders%ROWTYPE;\nBEGIN\n  SELECT 1 INTO row.id;\n  RETURN NEW;\nEND $$;\n"
        ),
    ),
)
