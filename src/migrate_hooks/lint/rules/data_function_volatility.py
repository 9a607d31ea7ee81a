"""A function that promises more than it keeps, or suddenly promises something else."""

from collections.abc import Iterable, Iterator

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.functions import Routine, routine
from migrate_hooks.sql.lexer import significant, tokens
from migrate_hooks.sql.operations import Operation, operations

_CHANGING = frozenset(
    {
        "now", "current_timestamp", "current_date", "localtimestamp", "clock_timestamp", "random",
        "gen_random_uuid", "nextval", "current_setting", "current_user", "session_user",
    }
)  # fmt: skip
_WRITES = frozenset({"insert", "update", "delete", "merge", "truncate"})
_READABLE = frozenset({"sql", "plpgsql"})


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    yield from _promises(subject)
    before = {one.name: one.volatility for _, one in _functions(operations(subject.down))}
    for one, found in _functions(subject.operations):
        old = before.get(found.name, found.volatility)
        word = _broken_by(found)
        if word:
            yield Problem(
                f"{found.spelled} is declared {found.volatility.upper()}, but its body says "
                f"{word}: PostgreSQL keeps one answer in indexes, generated columns or a whole "
                "query, and it becomes wrong.",
                f"Declare {found.spelled} {_honest(word)}, or take {word} out of its body.",
                one.line,
                one.column,
            )
        elif old != found.volatility:
            yield Problem(
                f"{found.spelled} changes from {old.upper()} to {found.volatility.upper()}: what "
                "indexes and plans rely on it for changes, too, and indexes on it are not rebuilt.",
                f"Keep {old.upper()} for {found.spelled}, or rebuild what uses it.",
                one.line,
                one.column,
            )


def _promises(subject: Subject) -> Iterable[Problem]:
    for one in subject.operations:
        found = routine(one.node) if one.kind == "AlterFunctionStmt" else None
        if found is not None and found.volatility != "volatile":
            yield Problem(
                f"{found.spelled} becomes {found.volatility.upper()}, and its body is not in this "
                "file: PostgreSQL does not check the promise, and keeps answers in indexes, "
                "generated columns or a whole query because of it.",
                f"Check that the body of {found.spelled} keeps the promise, or create it anew with "
                "CREATE OR REPLACE, so that both stand together.",
                one.line,
                one.column,
            )


def _functions(done: Iterable[Operation]) -> Iterator[tuple[Operation, Routine]]:
    return ((one, routine(one.node)) for one in done if one.kind == "CreateFunctionStmt")


def _broken_by(found: Routine) -> str:
    """Return the word of the body that the promise forbids, or ""."""
    if found.volatility == "volatile" or found.language not in _READABLE:
        return ""
    words = [one for one in significant(tokens(found.body)) if one.kind == "word"]
    forbidden = _WRITES if found.volatility == "stable" else _WRITES | _CHANGING
    return next((one.text.upper() for one in words if one.text.lower() in forbidden), "")


def _honest(word: str) -> str:
    return "VOLATILE" if word.lower() in _WRITES | {"random", "nextval"} else "STABLE"


_FUNCTION = "CREATE OR REPLACE FUNCTION due() RETURNS date LANGUAGE sql {} AS $$ SELECT {} $$;\n"

RULE = Rule(
    name="data/function-volatility",
    severity=Severity.WARNING,
    summary="A function's volatility contradicts its body, or changes.",
    why=(
        "IMMUTABLE and STABLE are promises that PostgreSQL does not check. It computes such a "
        "function once, ahead of time, or stores its answers in an index: a wrong promise gives "
        "wrong rows without an error."
    ),
    instead="Declare what the body does.",
    check=_check,
    bad=(
        Example("ALTER FUNCTION due() IMMUTABLE;\n"),
        Example(_FUNCTION.format("IMMUTABLE", "now()::date")),
        Example(
            "CREATE FUNCTION log() RETURNS void LANGUAGE plpgsql STABLE AS\n"
            "$$ BEGIN INSERT INTO log DEFAULT VALUES; END $$;\n"
        ),
        Example(
            "-- Up\n"
            + _FUNCTION.format("IMMUTABLE", "date '2026-01-01'")
            + "-- Down\n"
            + _FUNCTION.format("STABLE", "now()::date")
        ),
    ),
    good=(
        Example("ALTER FUNCTION due() OWNER TO app;\nALTER FUNCTION due() SET work_mem = '8MB';\n"),
        Example(_FUNCTION.format("STABLE", "now()::date")),
        Example(_FUNCTION.format("IMMUTABLE", "date '2026-01-01'")),
        Example(_FUNCTION.format("IMMUTABLE", "'now'::text::date")),
    ),
)
