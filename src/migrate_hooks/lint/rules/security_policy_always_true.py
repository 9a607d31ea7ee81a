"""A policy that lets everybody write."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import policies
from migrate_hooks.sql.policies import Policy

_WRITES = {
    "all": "reads and writes every row",
    "insert": "inserts what they like",
    "update": "changes every row",
    "delete": "deletes every row",
}
_EVERYBODY = frozenset({"public", "anon"})
_TRUSTED = frozenset({"service_role", "postgres", "supabase_admin"})  # bypass policies anyway


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        found = policies.policy(one.node) if one.kind == "CREATE POLICY" else None
        if found is None or not _is_open(found):
            continue
        roles = found.roles or ("public",)
        if _TRUSTED.issuperset(roles):
            continue
        whom = " and ".join("every role" if role == "public" else role for role in roles)
        yield Problem(
            f"The policy {found.name} on {one.spelled} has the condition true: {whom} "
            f"{_WRITES[found.command]}.",
            "Write the condition that says whose rows these are, such as (SELECT auth.uid()) = "
            "owner, or name the role that needs all of them with TO.",
            one.line,
            one.column,
            Severity.CRITICAL if _EVERYBODY.intersection(roles) else Severity.WARNING,
        )


def _is_open(one: Policy) -> bool:
    if not one.permissive or one.command not in _WRITES:
        return False
    if one.command == "insert":
        return policies.is_true(one.check)
    return policies.is_true(one.using) and (one.check is None or policies.is_true(one.check))


RULE = Rule(
    name="security/policy-always-true",
    severity=Severity.CRITICAL,
    summary="A policy for writing has the condition true.",
    why=(
        "Policies are joined with OR: one that is always true opens the table, whatever the others "
        "say. For a role such as anon that is everybody on the internet."
    ),
    instead="Let the condition name the rows that the role may write.",
    check=_check,
    bad=(
        Example("CREATE POLICY open ON orders USING (true);\n"),
        Example("CREATE POLICY open ON orders FOR INSERT TO anon WITH CHECK (true);\n"),
        Example("CREATE POLICY open ON orders FOR DELETE TO authenticated USING (true);\n"),
        Example("CREATE POLICY open ON orders FOR UPDATE USING (true) WITH CHECK (TRUE);\n"),
    ),
    good=(
        Example("CREATE POLICY readable ON orders FOR SELECT USING (true);\n"),
        Example("CREATE POLICY own ON orders USING (owner = current_user);\n"),
        Example("CREATE POLICY server ON orders TO service_role USING (true);\n"),
        Example("CREATE POLICY known ON orders AS RESTRICTIVE FOR UPDATE USING (true);\n"),
        Example("CREATE POLICY own ON orders FOR UPDATE USING (true) WITH CHECK (owner = 'me');\n"),
    ),
)
