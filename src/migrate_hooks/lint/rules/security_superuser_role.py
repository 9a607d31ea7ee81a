"""A role that no rule applies to."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects, policies
from migrate_hooks.sql.operations import Operation

_MEANS = {
    "superuser": "it passes every check of the server and can read and run files there",
    "bypassrls": "row level security does not apply to it, on no table",
}


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind not in ("CreateRoleStmt", "AlterRoleStmt"):
            continue
        for option in (objects.unwrapped(each)[1] for each in one.node.options):
            if option.defname in _MEANS and option.arg.boolean.boolval:
                name, word = _role(one), option.defname.upper()
                yield Problem(
                    f"The role {name} becomes {word}: {_MEANS[option.defname]}.",
                    f"Grant {name} the rights that it needs; leave {word} to the administrator.",
                    one.line,
                    one.column,
                )


def _role(one: Operation) -> str:
    return str(one.node.role) if one.kind == "CreateRoleStmt" else policies.role(one.node.role)


RULE = Rule(
    name="security/superuser-role",
    severity=Severity.CRITICAL,
    summary="A migration makes a role SUPERUSER or BYPASSRLS.",
    why=(
        "A migration runs in every environment. What one of these roles leaks or gets wrong has "
        "no limit, and hosted servers refuse to create them at all."
    ),
    instead="Grant the single rights that the role needs.",
    check=_check,
    bad=(
        Example("CREATE ROLE app LOGIN SUPERUSER;\n"),
        Example("ALTER ROLE app BYPASSRLS;\n"),
        Example("CREATE USER app WITH BYPASSRLS;\n"),
    ),
    good=(
        Example("CREATE ROLE app LOGIN;\n"),
        Example("ALTER ROLE app NOSUPERUSER NOBYPASSRLS;\n"),
    ),
)
