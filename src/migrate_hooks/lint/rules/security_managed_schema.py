"""Changes to what belongs to the provider."""

from collections.abc import Iterable, Iterator

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import functions, objects
from migrate_hooks.sql.operations import Operation

_MANAGED = frozenset(
    {
        "auth",
        "storage",
        "realtime",
        "vault",
        "supabase_functions",
        "supabase_migrations",
        "pgsodium",
    }
)
_WRITES = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "COPY"})
# What Supabase's own guides tell people to do.
_FINE = frozenset(
    {"CREATE TRIGGER", "CREATE POLICY", "ALTER POLICY", "DROP TRIGGER", "DROP POLICY"}
)
_OPEN_TABLES = frozenset({("storage", "buckets")})


def _check(subject: Subject, context: Context) -> Iterable[Problem]:
    if not context.supabase:
        return
    for one in subject.operations:
        for schema, name in _named(one):
            if schema in _MANAGED and one.kind not in _FINE:
                yield from _problem(one, schema, name)


def _named(one: Operation) -> Iterator[tuple[str, str]]:
    if one.kind == "COPY" and not one.node.is_from:
        return
    if one.table:
        yield one.schema, one.table
    elif one.kind in ("CreateFunctionStmt", "AlterFunctionStmt"):
        yield functions.routine(one.node).name
    elif one.kind == "DROP FUNCTION":
        for item in one.node.objects:
            path = objects.name_path(item)
            yield path[-2] if len(path) > 1 else "", path[-1]
    elif one.kind == "DROP SCHEMA":
        yield from (("".join(objects.name_path(item)), "") for item in one.node.objects)


def _problem(one: Operation, schema: str, name: str) -> Iterator[Problem]:
    if one.kind in _WRITES and (schema, name) in _OPEN_TABLES:
        return
    writes, full = one.kind in _WRITES, f"{schema}.{name}".rstrip(".")
    verb = one.kind if writes else one.statement.verb
    yield Problem(
        f"{verb} {full}: schema {schema} belongs to Supabase. "
        + (
            "Its services do not expect rows that they did not write."
            if writes
            else "It refuses such changes, or undoes them in its next update."
        ),
        f"Use Supabase's API for {full}."
        if writes
        else f"Create your own object in a schema of yours and refer to {full} from there.",
        one.line,
        one.column,
        Severity.WARNING if writes else Severity.CRITICAL,
    )


RULE = Rule(
    name="security/managed-schema",
    severity=Severity.CRITICAL,
    summary="A migration changes a schema that Supabase manages.",
    why=(
        "auth, storage, realtime and vault are owned by services with migrations of their own. "
        "Hosted projects refuse changes to their tables and functions, and an update of a service "
        "can fail on what it does not know. Triggers on auth.users and policies are meant for you."
    ),
    instead="Keep your objects in schemas of your own; use the API for users and files.",
    check=_check,
    bad=(
        Example("ALTER TABLE auth.users ADD COLUMN nickname text;\n", layout="supabase"),
        Example(
            "CREATE FUNCTION auth.is_admin() RETURNS boolean LANGUAGE sql AS 'SELECT true';\n",
            layout="supabase",
        ),
        Example("CREATE TABLE storage.notes (id bigint);\n", layout="supabase"),
        Example("DELETE FROM auth.users WHERE email = 'a@b.example';\n", layout="supabase"),
        Example("DROP SCHEMA auth CASCADE;\n", layout="supabase"),
    ),
    good=(
        Example("ALTER TABLE auth.users ADD COLUMN nickname text;\n", layout="sections"),
        Example(
            "CREATE TRIGGER on_signup AFTER INSERT ON auth.users "
            "FOR EACH ROW EXECUTE FUNCTION public.welcome();\n",
            layout="supabase",
        ),
        Example(
            "INSERT INTO storage.buckets (id, name) VALUES ('avatars', 'avatars');\n"
            "CREATE POLICY readable ON storage.objects FOR SELECT USING (true);\n",
            layout="supabase",
        ),
        Example(
            "CREATE TABLE profiles (id uuid REFERENCES auth.users);\n"
            "ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;\n",
            layout="supabase",
        ),
    ),
)
