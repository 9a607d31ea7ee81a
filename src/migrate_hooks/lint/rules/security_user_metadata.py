"""A policy that believes what users say about themselves."""

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
        if any(policies.trusts_user_metadata(each) for each in found.expressions):
            yield Problem(
                f"The policy {found.name} on {one.spelled} decides by user_metadata, which every "
                "user can rewrite through the API: each of them can make themselves an admin.",
                "Read app_metadata instead, which only the server writes, or look the right up in "
                "a table of your own.",
                one.line,
                one.column,
            )


RULE = Rule(
    name="security/user-metadata",
    severity=Severity.CRITICAL,
    summary="A policy reads user_metadata.",
    why="user_metadata (raw_user_meta_data in auth.users) is written by the users themselves.",
    instead="Decide by app_metadata or by a table that users cannot write.",
    check=_check,
    bad=(
        Example(
            "CREATE POLICY admins ON orders USING "
            "((auth.jwt() -> 'user_metadata' ->> 'role') = 'admin');\n"
        ),
        Example(
            "CREATE POLICY admins ON orders USING (EXISTS (SELECT 1 FROM auth.users u "
            "WHERE u.id = auth.uid() AND u.raw_user_meta_data ->> 'role' = 'admin'));\n"
        ),
        Example(
            "ALTER POLICY admins ON orders USING "
            "((auth.jwt() #>> '{user_metadata,role}') = 'admin');\n"
        ),
    ),
    good=(
        Example(
            "CREATE POLICY admins ON orders USING "
            "(((SELECT auth.jwt()) -> 'app_metadata' ->> 'role') = 'admin');\n"
        ),
    ),
)
