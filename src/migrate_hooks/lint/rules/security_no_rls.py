"""A table that the API serves to everybody."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects
from migrate_hooks.sql.operations import Operation


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    yield from _switched_off(subject, context)
    near = context.neighbours
    if not context.supabase or not subject.is_new or near.in_code:
        return
    for one in subject.operations:
        if (
            _stays(one)
            and one.key[0] in context.exposed
            and one.key not in near.secured | near.gone
        ):
            yield _served_view(one) if _is_view(one) else _served_table(one)


def _served_table(one: Operation) -> Problem:
    return Problem(
        f"{one.spelled} is created in schema {one.key[0]}, which the API serves, and nothing "
        "enables row level security on it: whoever has the public anon key reads and writes every "
        "row.",
        f"Add ALTER TABLE {one.spelled} ENABLE ROW LEVEL SECURITY; and a policy for those who may "
        "see rows.",
        one.line,
        one.column,
    )


def _served_view(one: Operation) -> Problem:
    return Problem(
        f"The materialized view {one.spelled} is created in schema {one.key[0]}, which the API "
        "serves, and no materialized view has row level security: whoever has the public anon key "
        "reads all of it, whatever the policies of its tables say.",
        f"Create {one.table} in a schema that the API does not serve, and read it through a "
        f"function that asks who calls; or REVOKE ALL ON {one.spelled} FROM anon, authenticated.",
        one.line,
        one.column,
    )


def _is_view(one: Operation) -> bool:
    is_query = one.kind == "CREATE TABLE AS"
    return is_query and objects.enum_name(one.node, "objtype") == "OBJECT_MATVIEW"


def _switched_off(subject: Subject, context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind == "ALTER TABLE DisableRowSecurity" and subject.on_existing(one):
            is_served = context.supabase and one.key[0] in context.exposed
            yield Problem(
                f"{one.spelled} loses its row level security: its policies stay and do nothing, "
                "and every role with a privilege on it sees and changes all rows.",
                f"Keep row level security on {one.spelled}, and add a policy for the role that "
                "needs more.",
                one.line,
                one.column,
                Severity.CRITICAL if is_served else Severity.WARNING,
            )


def _stays(one: Operation) -> bool:
    """Return whether an operation makes a table that outlives the session."""
    if one.kind == "CREATE TABLE":
        return bool(one.node.relation.relpersistence != "t")
    return one.kind == "CREATE TABLE AS" and one.node.into.rel.relpersistence != "t"


_SECURED = "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;\n"

RULE = Rule(
    name="security/no-rls",
    severity=Severity.CRITICAL,
    summary="A new table that Supabase's API serves, or an old one, is left without row security.",
    why=(
        "Supabase answers queries on every table of an exposed schema with the rights of anon and "
        "authenticated, and the anon key is in every browser. Only row level security stands "
        "between that key and the rows."
    ),
    instead="Enable row level security where the table is created, and write its policies.",
    check=_check,
    bad=(
        Example("CREATE TABLE orders (id bigint PRIMARY KEY);\n", layout="supabase"),
        Example('CREATE TABLE "public"."Orders" (id bigint);\n' + _SECURED, layout="supabase"),
        Example("CREATE TABLE orders AS SELECT 1 AS id;\n", layout="supabase"),
        Example("ALTER TABLE orders DISABLE ROW LEVEL SECURITY;\n", layout="supabase"),
        Example("ALTER TABLE orders DISABLE ROW LEVEL SECURITY;\n"),
    ),
    good=(
        Example("CREATE TABLE orders (id bigint PRIMARY KEY);\n", layout="sections"),
        Example("CREATE TABLE orders (id bigint PRIMARY KEY);\n" + _SECURED, layout="supabase"),
        Example(
            "CREATE TABLE orders (id bigint PRIMARY KEY);\n",
            others=(("migrations/20260102030406_secure.sql", _SECURED),),
            layout="supabase",
        ),
        Example("CREATE TABLE internal.orders (id bigint PRIMARY KEY);\n", layout="supabase"),
        Example("CREATE TEMP TABLE orders (id bigint);\n", layout="supabase"),
        Example(
            "CREATE TABLE orders (id bigint);\nDO $$ BEGIN EXECUTE format("
            "'ALTER TABLE %I ENABLE ROW LEVEL SECURITY', 'orders'); END $$;\n",
            layout="supabase",
        ),
    ),
)
