"""Rights to write for everybody."""

from collections.abc import Iterable
from typing import Any

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects, policies

_WRITES = {
    "OBJECT_TABLE": ("insert", "update", "delete", "truncate", "trigger"),
    "OBJECT_SCHEMA": ("create",),
    "OBJECT_DATABASE": ("create",),
}
_KINDS = {"OBJECT_TABLE": "tables", "OBJECT_SCHEMA": "schema", "OBJECT_DATABASE": "database"}


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        grant = _grant(one.kind, one.node)
        watched = _watched(subject, context, grant)
        rights = _writes(grant) if grant is not None else []
        whom = sorted(watched.intersection(_grantees(grant))) if rights else []
        if whom:
            role = " and ".join(name.upper() if name == "public" else name for name in whom)
            yield Problem(
                f"{role} gets {', '.join(rights).upper()} on {_what(one.kind, grant)}: "
                f"{_MEANS[whom[-1]]}.",
                f"Grant only what is needed to the role that needs it, instead of {role}.",
                one.line,
                one.column,
            )


def _watched(subject: Subject, context: Context, grant: Any) -> set[str]:
    """Return the roles to look for.

    Supabase's own tools give anon everything on new tables and rely on row security, which has
    rules of its own; a grant on an older table was written by hand.
    """
    if not context.supabase:
        return {"public", "anon"}
    if grant is None or objects.enum_name(grant, "targtype") != "ACL_TARGET_OBJECT":
        return {"public"}
    paths = [objects.name_path(one) for one in grant.objects]
    keys = {(path[-2] if len(path) > 1 else "public", path[-1]) for path in paths}
    return {"public"} if keys & subject.made else {"public", "anon"}


_MEANS = {
    "public": "every role that can connect, now and in future, may do that",
    "anon": "whoever reaches the API without logging in may do that",
}


def _grant(kind: str, node: Any) -> Any:
    if kind == "AlterDefaultPrivilegesStmt":
        node = node.action
    elif kind != "GrantStmt":
        return None
    return node if node.is_grant else None


def _writes(grant: Any) -> list[str]:
    """Return the rights to change something; none at all in the words means ALL."""
    possible = _WRITES.get(objects.enum_name(grant, "objtype"), ())
    named = [objects.unwrapped(one)[1].priv_name for one in grant.privileges]
    if not named:
        return ["all"] if possible else []
    return [one for one in named if one in possible]


def _grantees(grant: Any) -> list[str]:
    return [policies.role(objects.unwrapped(one)[1]) for one in grant.grantees]


def _what(kind: str, grant: Any) -> str:
    word = _KINDS[objects.enum_name(grant, "objtype")]
    if kind == "AlterDefaultPrivilegesStmt":
        return f"all {word} that will be created"
    names = ", ".join(".".join(objects.name_path(one)) for one in grant.objects)
    if objects.enum_name(grant, "targtype") == "ACL_TARGET_ALL_IN_SCHEMA":
        return f"all {word} of schema {names}"
    return names if word == "tables" else f"{word} {names}"


RULE = Rule(
    name="security/grant-to-public",
    severity=Severity.CRITICAL,
    summary="PUBLIC or anon gets the right to write.",
    why=(
        "PUBLIC is every role of the cluster, also those that will be created next year; CREATE on "
        "a schema lets each of them plant functions that others call."
    ),
    instead="Grant single rights to a named role.",
    check=_check,
    bad=(
        Example("GRANT INSERT, SELECT ON orders TO PUBLIC;\n"),
        Example("GRANT ALL ON ALL TABLES IN SCHEMA sales TO anon;\n"),
        Example("ALTER DEFAULT PRIVILEGES IN SCHEMA sales GRANT ALL ON TABLES TO PUBLIC;\n"),
        Example("GRANT CREATE ON SCHEMA public TO PUBLIC;\n"),
        Example("GRANT ALL ON TABLE orders TO PUBLIC;\n", layout="supabase"),
        Example("GRANT INSERT, UPDATE ON public.orders TO anon;\n", layout="supabase"),
    ),
    good=(
        Example("GRANT SELECT ON orders TO PUBLIC;\n"),
        Example("GRANT ALL ON orders TO app;\n"),
        Example("REVOKE ALL ON orders FROM PUBLIC;\n"),
        Example(
            "CREATE TABLE orders (id bigint);\nALTER TABLE orders ENABLE ROW LEVEL SECURITY;\n"
            "GRANT ALL ON TABLE public.orders TO anon;\n",
            layout="supabase",
        ),
        Example("GRANT ALL ON ALL TABLES IN SCHEMA public TO anon;\n", layout="supabase"),
        Example("GRANT EXECUTE ON FUNCTION total() TO PUBLIC;\n"),
        Example("GRANT USAGE ON SCHEMA public TO PUBLIC;\n"),
    ),
)
