"""A table, view or type that a later migration creates."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import parse


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    makers = dict(context.neighbours.makers)
    mine = subject.version
    if mine is None or not subject.is_new:
        return
    told = set[tuple[str, str]]()
    for statement in subject.up:
        named = parse.names(statement.text)
        if named is None or _is_conditional(statement.text):
            continue
        for kind, schema, name in sorted(named.referenced | named.touched):
            key = (schema or "public", name)
            if kind not in ("table", "type") or key in told:
                continue
            if key in makers and mine < makers[key]:
                told.add(key)
                full = name if schema in ("", "public") else f"{schema}.{name}"
                yield Problem(
                    f"{statement.verb} needs {full}, which only the later migration "
                    f"{makers[key].text} creates: on a fresh database this one fails.",
                    f"Give this migration a later version than {makers[key].text}, or move the "
                    f"statement behind the one that creates {full}.",
                    statement.line,
                    statement.column,
                )


def _is_conditional(sql: str) -> bool:
    return "if exists" in " ".join(sql[:200].lower().split())


_LATER = ("migrations/20260102030406_add_customers.sql", "CREATE TABLE customers (id bigint);\n")

RULE = Rule(
    name="structure/later-object",
    severity=Severity.CRITICAL,
    summary="A migration refers to a table, view or type that only a later one creates.",
    why=(
        "It works on the machine where the files were written in another order, and fails on every "
        "fresh database, in CI and for the next colleague."
    ),
    instead="Order the versions so that every table is created before it is named.",
    check=_check,
    bad=(
        Example(
            "CREATE TABLE orders (id bigint, customer bigint REFERENCES customers);\n",
            others=(_LATER,),
        ),
        Example("ALTER TABLE public.customers ADD COLUMN name text;\n", others=(_LATER,)),
        Example("INSERT INTO customers VALUES (1);\n", others=(_LATER,)),
        Example("CREATE VIEW names AS SELECT id FROM customers;\n", others=(_LATER,)),
        Example(
            "ALTER TABLE orders ADD COLUMN mood mood;\n",
            others=((_LATER[0], "CREATE TYPE mood AS ENUM ('fine');\n"),),
        ),
        Example(
            "CREATE VIEW vip AS SELECT id FROM buyers;\n",
            others=((_LATER[0], "CREATE VIEW buyers AS SELECT 1 AS id;\n"),),
        ),
    ),
    good=(
        Example(
            "CREATE TABLE orders (id bigint, customer bigint REFERENCES customers);\n",
            others=(("migrations/20260102030404_add_customers.sql", _LATER[1]),),
        ),
        Example("DROP TABLE IF EXISTS customers;\n", others=(_LATER,)),
        Example(
            "ALTER TABLE customers ADD COLUMN name text;\n",
            others=((_LATER[0], "DROP TABLE customers;\n" + _LATER[1]),),
        ),
        Example(
            "CREATE TABLE orders (id bigint, customer bigint REFERENCES sales.customers);\n",
            others=(_LATER,),
        ),
        Example(
            "CREATE VIEW vip AS SELECT id FROM buyers;\n",
            others=((_LATER[0], "CREATE OR REPLACE VIEW buyers AS SELECT 1 AS id;\n"),),
        ),
        Example(
            "ALTER TABLE orders ADD COLUMN mood mood;\n",
            others=((_LATER[0], "DROP TYPE mood;\nCREATE TYPE mood AS ENUM ('fine');\n"),),
        ),
        Example("WITH customers AS (SELECT 1) SELECT * FROM customers;\n", others=(_LATER,)),
    ),
)
