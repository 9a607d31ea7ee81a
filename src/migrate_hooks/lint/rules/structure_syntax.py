"""SQL that PostgreSQL's own parser refuses."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.psql import copies_through_client, is_command


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    refused = dict(subject.syntax)
    for half, statements in (("UP", subject.up), ("DOWN", subject.down)):
        foreign = any(is_command(one) or copies_through_client(one) for one in statements)
        if half in refused and not foreign:  # else structure/psql says what is wrong
            found = refused[half]
            yield Problem(
                f"PostgreSQL cannot read {half}: {found.message}.",
                "Correct the statement in this line, or the end of the one before it.",
                found.line,
                found.column,
            )


RULE = Rule(
    name="structure/syntax",
    severity=Severity.CRITICAL,
    summary="PostgreSQL's parser refuses the file.",
    why=(
        "The server would refuse it, too, at the worst moment. UP and DOWN are parsed with the "
        "server's own grammar."
    ),
    instead="Write SQL that the server can read.",
    check=_check,
    bad=(
        Example("CREATE TABEL orders (id bigint);\n"),
        Example("-- Up\nSELECT 1;\n-- Down\nDROP TABLE orders CASCADE NOW;\n"),
        Example(
            "-- Up\nSELECT 1;\n-- Down\n-- DROP TABLE orders CASCADE NOW;\n", layout="supabase"
        ),
        Example("SELECT 'never closed;\n"),
    ),
    good=(
        Example("CREATE TABLE orders (id bigint);\n"),
        Example("SELECT '\\connect postgres';\n"),
    ),
)
