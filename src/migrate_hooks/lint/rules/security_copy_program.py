"""COPY ... PROGRAM: a shell on the database server."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "COPY" and one.node.is_program:
            way = "FROM" if one.node.is_from else "TO"
            yield Problem(
                f"COPY ... {way} PROGRAM runs a shell command on the database server, with the "
                "rights of its operating system user: whoever changes the program owns the server.",
                "Bring the rows another way: INSERT them here, or load them with a tool that has "
                "no more rights than it needs.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="security/copy-program",
    severity=Severity.CRITICAL,
    summary="COPY runs a program on the database server.",
    why=(
        "A migration is SQL that many people may write and few read. PROGRAM makes it a shell "
        "script on the machine that keeps all data; managed providers forbid it."
    ),
    instead="Rows in the file, or a loader outside the database.",
    check=_check,
    bad=(
        Example("COPY rates FROM PROGRAM 'curl -s https://example.com/rates.csv' (FORMAT csv);\n"),
        Example("COPY (SELECT * FROM users) TO PROGRAM 'gzip > /tmp/users.gz';\n"),
    ),
    good=(
        Example("COPY rates FROM '/srv/rates.csv' (FORMAT csv);\n"),
        Example("COMMENT ON TABLE rates IS 'was COPY FROM PROGRAM once';\n"),
    ),
)
