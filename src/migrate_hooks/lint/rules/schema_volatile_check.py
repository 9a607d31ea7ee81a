"""CHECK that depends on more than its row."""

from collections.abc import Iterable, Iterator
from typing import Any

from migrate_hooks.lint import definitions
from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.definitions import Constraint
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation

# Their result differs from call to call, or from transaction to transaction.
_CHANGING = frozenset(
    {
        "clock_timestamp", "current_setting", "currval", "gen_random_uuid", "lastval", "nextval",
        "now", "random", "statement_timestamp", "timeofday", "transaction_timestamp",
        "txid_current", "uuid_generate_v4",
    }
)  # fmt: skip


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        for check in definitions.constraints(one):
            if check.kind == "check":
                yield from _judge(one, check)


def _judge(one: Operation, check: Constraint) -> Iterator[Problem]:
    place = definitions.place_of(one, check.node)
    named = f"CHECK {check.name}" if check.name else f"A CHECK of {one.spelled}"
    if any(node.DESCRIPTOR.name == "SubLink" for node in objects.messages(check.node.raw_expr)):
        yield Problem(
            f"{named} asks a query, which PostgreSQL refuses in a CHECK.",
            f"Use a foreign key or a trigger on {one.spelled}.",
            *place,
            Severity.CRITICAL,
        )
        return
    called = sorted(set(_changing(check.node.raw_expr)))
    if called:
        yield Problem(
            f"{named} asks {' and '.join(called)}, so a row that was right may be wrong later: "
            f"an UPDATE of another column, VALIDATE or the restore of a dump of {one.spelled} then "
            "fails.",
            f"Test it in a trigger on {one.spelled} or in the code that writes, and keep what "
            "holds for ever in the CHECK.",
            *place,
        )


def _changing(expression: Any) -> Iterator[str]:
    for node in objects.messages(expression):
        kind = node.DESCRIPTOR.name
        if kind == "FuncCall" and objects.name_path(node.funcname)[-1] in _CHANGING:
            yield f"{objects.name_path(node.funcname)[-1]}()"
        elif kind == "SQLValueFunction":
            word = objects.enum_name(node, "op").removeprefix("SVFOP_")
            yield word.removesuffix("_N")


RULE = Rule(
    name="schema/volatile-check",
    severity=Severity.WARNING,
    summary="A CHECK depends on the time, on chance or on the session, or asks a query.",
    why=(
        "PostgreSQL tests a CHECK when a row is written and believes it for ever. A test against "
        "now() holds today and not tomorrow, and nobody learns that until a dump of the table "
        "cannot be restored."
    ),
    instead="A trigger, or a test in the code; in CHECK only what the row itself decides.",
    check=_check,
    bad=(
        Example("CREATE TABLE offers (ends timestamptz CHECK (ends > now()));\n"),
        Example("CREATE TABLE offers (ends date, CONSTRAINT c CHECK (ends > CURRENT_DATE));\n"),
        Example("ALTER TABLE offers ADD CHECK (seed <> random()) NOT VALID;\n"),
        Example("CREATE TABLE a (b int CHECK (b IN (SELECT id FROM c)));\n"),
    ),
    good=(
        Example("CREATE TABLE offers (starts date, ends date, CHECK (ends > starts));\n"),
        Example("CREATE TABLE offers (made timestamptz DEFAULT now());\n"),
        Example("CREATE TABLE offers (name text CHECK (length(trim(name)) > 0));\n"),
        Example("CREATE INDEX ON offers (ends) WHERE ends IS NOT NULL;\n"),
    ),
)
