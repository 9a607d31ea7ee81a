"""Commands and data that only psql understands."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql.psql import copies_through_client, is_command


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in (*subject.up, *subject.down):
        if is_command(one):
            yield Problem(
                f"{one.target} is a command of psql, not SQL: the server does not know it, and "
                "nothing here runs psql.",
                f"Delete {one.target}; recent versions of pg_dump write \\restrict and \\connect, "
                "which a migration does not need.",
                one.line,
                one.column,
            )
        elif copies_through_client(one):
            yield Problem(
                f"COPY {one.target} moves its rows through psql's input or output, and nothing "
                "here runs psql.",
                f"Write the rows as INSERT INTO {one.target} ... VALUES.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="structure/psql",
    severity=Severity.CRITICAL,
    summary="A migration needs psql.",
    why=(
        "Meta-commands such as \\connect and the rows below COPY ... FROM stdin are not SQL: psql "
        "carries them out itself. A runner sends the file to the server, which refuses it, and "
        "`migrate-hooks apply` refuses before that."
    ),
    instead="Write SQL; INSERT instead of COPY ... FROM stdin.",
    check=_check,
    bad=(
        Example("SELECT 1;\n\\connect postgres\nSELECT 1;\n"),
        Example("COPY orders FROM stdin;\n1\n\\.\n"),
        Example("COPY orders FROM STDIN WITH (FORMAT csv);\n"),
        Example("-- Up\nSELECT 1;\n-- Down\nSELECT 2 \\gexec\n"),
    ),
    good=(
        Example("SELECT '\\connect postgres';\n"),
        Example("COPY orders FROM '/srv/orders.csv';\n"),
        Example("INSERT INTO orders VALUES (1);\n"),
    ),
)
