"""A SET that the next user of the connection inherits."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects

_MEANS = {
    "search_path": "unqualified names in later migrations land in another schema",
    "session_replication_role": "triggers and foreign keys stay off for whatever runs next",
    "role": "whatever runs next does so as another role",
}


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    put_back = {
        one.node.name.lower(): place
        for place, one in enumerate(subject.operations)
        if one.kind == "VariableSetStmt" and _kind(one.node) != "VAR_SET_VALUE"
    }
    for place, one in enumerate(subject.operations):
        if one.kind != "VariableSetStmt" or _kind(one.node) != "VAR_SET_VALUE":
            continue
        name = one.node.name.lower()
        if name not in _MEANS or one.node.is_local or put_back.get(name, -1) > place:
            continue
        yield Problem(
            f"SET {name} outlives this migration: on the same connection, or behind a pooler on "
            f"anybody's, {_MEANS[name]}.",
            f"Write SET LOCAL {name}, which ends with the transaction."
            if subject.in_transaction
            else f"Write RESET {name} at the end.",
            one.line,
            one.column,
        )


def _kind(node: object) -> str:
    return objects.enum_name(node, "kind")


RULE = Rule(
    name="structure/session-set",
    severity=Severity.WARNING,
    summary="SET without LOCAL changes what later migrations and other clients do.",
    why=(
        "Runners apply many migrations over one connection, and a transaction pooler hands the "
        "same server session to other clients. A plain SET stays there."
    ),
    instead="Use SET LOCAL in a transaction, or RESET at the end.",
    check=_check,
    bad=(
        Example("SET search_path = sales;\nCREATE TABLE orders (id bigint PRIMARY KEY);\n"),
        Example("SET session_replication_role = replica;\n"),
    ),
    good=(
        Example("SET LOCAL search_path = sales;\n"),
        Example("SET session_replication_role = replica;\nRESET session_replication_role;\n"),
        Example("SET lock_timeout = '5s';\n"),
    ),
)
