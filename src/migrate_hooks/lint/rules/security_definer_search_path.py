"""A function that runs as its owner and looks names up where the caller says."""

from collections.abc import Iterable, Sequence

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.functions import routine
from migrate_hooks.sql.operations import Operation

_COMPILED = frozenset({"c", "internal"})  # looks no name up


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for number, one in enumerate(subject.operations):
        if one.kind not in ("CreateFunctionStmt", "AlterFunctionStmt"):
            continue
        found = routine(one.node)
        if not found.is_definer or "search_path" in found.settings or found.language in _COMPILED:
            continue
        if not _pinned(subject, number, found.name):
            yield Problem(
                f"{found.spelled} is SECURITY DEFINER without a search_path: it runs with its "
                "owner's rights, and the caller decides which schema its tables, functions and "
                "operators come from.",
                "Add SET search_path = '' to it and write every name in its body with its schema.",
                one.line,
                one.column,
            )


def _pinned(subject: Subject, number: int, name: tuple[str, str]) -> bool:
    """Return whether another statement sets the path: ALTER FUNCTION, or CREATE before an ALTER."""
    done = subject.operations
    others = done[number + 1 :] if done[number].kind == "CreateFunctionStmt" else done[:number]
    return any(_pins(one, name) for one in _about_functions(others))


def _about_functions(done: Sequence[Operation]) -> Iterable[Operation]:
    return (one for one in done if one.kind in ("CreateFunctionStmt", "AlterFunctionStmt"))


def _pins(one: Operation, name: tuple[str, str]) -> bool:
    found = routine(one.node)
    here = (found.name[0] or "public", found.name[1])
    return here == (name[0] or "public", name[1]) and "search_path" in found.settings


_FUNCTION = (
    "CREATE FUNCTION total() RETURNS int LANGUAGE sql SECURITY DEFINER{}\nAS $$ SELECT 1 $$;\n"
)

RULE = Rule(
    name="security/definer-search-path",
    severity=Severity.CRITICAL,
    summary="A SECURITY DEFINER function does not set its search_path.",
    why=(
        "Whoever may create an object in any schema of their own search_path can put a table, "
        "function or operator of the same name there, and the function runs it with its owner's "
        "rights. CREATE OR REPLACE forgets an earlier setting, too."
    ),
    instead="Set search_path to '' (or to schemas that only the owner writes) on the function.",
    check=_check,
    bad=(
        Example(_FUNCTION.format("")),
        Example(_FUNCTION.format(" SET work_mem = '1MB'")),
        Example("ALTER FUNCTION total() SECURITY DEFINER;\n"),
    ),
    good=(
        Example(
            "CREATE FUNCTION total() RETURNS int LANGUAGE c SECURITY DEFINER AS 'total', 'total';\n"
        ),
        Example(_FUNCTION.format(" SET search_path = ''")),
        Example(_FUNCTION.format("") + "ALTER FUNCTION total() SET search_path = pg_catalog;\n"),
        Example(_FUNCTION.format(" SET search_path FROM CURRENT")),
        Example(_FUNCTION.replace("SECURITY DEFINER{}", "SECURITY INVOKER")),
        Example("ALTER FUNCTION total() SECURITY DEFINER SET search_path = '';\n"),
    ),
)
