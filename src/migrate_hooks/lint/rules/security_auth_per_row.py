"""A policy that asks for every row who is there."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import policies


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind not in ("CREATE POLICY", "ALTER POLICY"):
            continue
        found = policies.policy(one.node)
        calls = policies.session_calls(found.using) if found.using is not None else []
        if calls:
            yield Problem(
                f"The policy {found.name} calls {' and '.join(f'{call}()' for call in calls)} once "
                f"for each row of {one.spelled} that a query looks at, not once for the query.",
                f"Wrap it in a query of its own, (SELECT {calls[0]}(...)): PostgreSQL then asks "
                "once and can use an index.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="security/auth-per-row",
    severity=Severity.WARNING,
    summary="A policy calls auth.uid() or the like for every row.",
    why=(
        "A condition of a policy is evaluated for each row. A call inside a scalar subquery is "
        "evaluated once before the scan, which on large tables is the difference between "
        "milliseconds and minutes."
    ),
    instead="Write (SELECT auth.uid()) instead of auth.uid().",
    check=_check,
    bad=(
        Example("CREATE POLICY own ON orders FOR SELECT USING (auth.uid() = owner);\n"),
        Example("ALTER POLICY own ON orders USING (current_setting('app.id')::int = owner);\n"),
    ),
    good=(
        Example("CREATE POLICY own ON orders FOR SELECT USING ((SELECT auth.uid()) = owner);\n"),
        Example("CREATE POLICY own ON orders FOR INSERT WITH CHECK (auth.uid() = owner);\n"),
        Example("CREATE POLICY own ON orders USING (owner = current_user);\n"),
    ),
)
