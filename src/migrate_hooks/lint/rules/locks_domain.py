"""A stricter domain, which every table that uses it is checked for."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        change = _change(one)
        path = objects.name_path(one.node.type_name) if change else []
        if not path or _key(path) in _made(subject, context):
            continue
        name = ".".join(path)
        yield Problem(
            f"{change} is checked against every row of every table with a column of {name}, under "
            "a SHARE lock on all of them: nobody writes to these tables meanwhile.",
            f"Use ALTER DOMAIN {name} ADD CONSTRAINT ... CHECK (...) NOT VALID here, and ALTER "
            f"DOMAIN {name} VALIDATE CONSTRAINT in a later migration.",
            one.line,
            one.column,
        )


def _change(one: Operation) -> str:
    """Return what makes a domain stricter for rows that exist, or ""."""
    if one.kind != "AlterDomainStmt":
        return ""
    if one.node.subtype == "O":
        return "SET NOT NULL"
    if one.node.subtype != "C":
        return ""
    found = objects.unwrapped(getattr(one.node, "def"))[1]
    return "" if found.skip_validation else "The new constraint"


def _made(subject: Subject, context: Context) -> set[tuple[str, str]]:
    here = (one.node for one in subject.operations if one.kind == "CreateDomainStmt")
    new = {(schema, name) for kind, schema, name in context.fresh if kind == "domain"}
    return new | {_key(objects.name_path(node.domainname)) for node in here}


def _key(path: list[str]) -> tuple[str, str]:
    return (path[-2] if len(path) > 1 else "public"), path[-1]


RULE = Rule(
    name="locks/domain",
    severity=Severity.CRITICAL,
    summary="ALTER DOMAIN makes PostgreSQL check every table that uses the domain.",
    why=(
        "A domain is used by columns of any number of tables, and all their rows are read while "
        "all of these tables are closed to writes."
    ),
    instead="NOT VALID first and VALIDATE later, or a check on the one table that needs it.",
    check=_check,
    bad=(
        Example("ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%');\n"),
        Example("ALTER DOMAIN email SET NOT NULL;\n"),
    ),
    good=(
        Example("ALTER DOMAIN email ADD CONSTRAINT has_at CHECK (VALUE LIKE '%@%') NOT VALID;\n"),
        Example("ALTER DOMAIN email VALIDATE CONSTRAINT has_at;\n"),
        Example("ALTER DOMAIN email DROP NOT NULL;\n"),
        Example("CREATE DOMAIN email AS text;\nALTER DOMAIN public.email SET NOT NULL;\n"),
        Example(
            "ALTER DOMAIN email SET NOT NULL;\n",
            others=(("migrations/20260101000000_email.sql", "CREATE DOMAIN email AS text;\n"),),
        ),
    ),
    replaces=("squawk/ban-alter-domain-with-add-constraint",),
)
