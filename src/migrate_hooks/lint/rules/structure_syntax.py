"""SQL that PostgreSQL's own parser refuses."""

from collections.abc import Iterable, Iterator, Sequence

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.migration import Statement


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    refused = dict(subject.syntax)
    for half, statements in (("UP", subject.up), ("DOWN", subject.down)):
        foreign = tuple(_only_psql(statements))
        if foreign:
            yield from foreign
        elif half in refused:
            found = refused[half]
            yield Problem(
                f"PostgreSQL cannot read {half}: {found.message}.",
                "Correct the statement in this line, or the end of the one before it.",
                found.line,
                found.column,
            )


def _only_psql(statements: Sequence[Statement]) -> Iterator[Problem]:
    for one in statements:
        if one.verb == "\\":
            yield Problem(
                f"{one.target} is a command of psql, not SQL: the server does not know it, and "
                "nothing here runs psql.",
                f"Delete {one.target}; recent versions of pg_dump write \\restrict and \\connect, "
                "which a migration does not need.",
                one.line,
                one.column,
            )
        elif one.verb == "COPY" and one.text.rstrip().endswith("\\."):
            yield Problem(
                f"COPY {one.target} reads the rows below it from psql's input, and nothing here "
                "runs psql.",
                f"Write the rows as INSERT INTO {one.target} ... VALUES.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="structure/syntax",
    severity=Severity.CRITICAL,
    summary="PostgreSQL's parser refuses the file.",
    why=(
        "The server would refuse it, too, at the worst moment. UP and DOWN are parsed with the "
        "server's own grammar; commands and data that only psql understands count as errors."
    ),
    instead="Write SQL that the server can read.",
    check=_check,
    bad=(
        Example("CREATE TABEL orders (id bigint);\n"),
        Example("-- Up\nSELECT 1;\n-- Down\nDROP TABLE orders CASCADE NOW;\n"),
        Example(
            "-- Up\nSELECT 1;\n-- Down\n-- DROP TABLE orders CASCADE NOW;\n", layout="supabase"
        ),
        Example("\\connect postgres\nSELECT 1;\n"),
        Example("COPY orders FROM stdin;\n1\n\\.\n"),
        Example("SELECT 'never closed;\n"),
    ),
    good=(
        Example("CREATE TABLE orders (id bigint);\n"),
        Example("SELECT '\\connect postgres';\n"),
    ),
)
