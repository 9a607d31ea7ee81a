"""A policy that nobody enforces."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    near = context.neighbours
    if near.in_code:
        return
    for one in subject.operations:
        if one.kind != "CREATE POLICY" or subject.on_existing(one):
            continue
        if one.key not in near.secured | near.gone:
            yield Problem(
                f"The policy {one.node.policy_name} does nothing: no migration enables row level "
                f"security on the new table {one.spelled}, so every row stays open to whoever has "
                "a privilege on it.",
                f"Add ALTER TABLE {one.spelled} ENABLE ROW LEVEL SECURITY.",
                one.line,
                one.column,
            )


_TABLE = "CREATE TABLE orders (id bigint, owner text);\n"
_POLICY = "CREATE POLICY own ON orders USING (owner = current_user);\n"
_ENABLED = "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\n"

RULE = Rule(
    name="security/policy-without-rls",
    severity=Severity.WARNING,
    summary="A new table has a policy, but row level security is off.",
    why="PostgreSQL stores policies of any table, but applies them only where row security is on.",
    instead="Enable row level security on the table.",
    check=_check,
    bad=(Example(_TABLE + _POLICY),),
    good=(
        Example(_TABLE + _POLICY + _ENABLED),
        Example(_POLICY),
        Example(
            _TABLE + _POLICY, others=(("migrations/20260102030406_enable_security.sql", _ENABLED),)
        ),
    ),
)
