"""An extension's objects among the application's."""

from collections.abc import Iterable

from migrate_hooks.lint.base import Example, Problem, Rule
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import Severity
from migrate_hooks.sql import objects

# These name their schema themselves, or make none of their objects visible.
_PLACED = frozenset(
    {"plpgsql", "pg_cron", "pgmq", "pg_net", "pgsodium", "supabase_vault", "timescaledb", "pgtap"}
)


def _check(subject: Subject, _context: Context) -> Iterable[Problem]:
    for one in subject.operations:
        if one.kind != "CreateExtensionStmt" or one.node.extname in _PLACED:
            continue
        options = [objects.unwrapped(each)[1] for each in one.node.options]
        schemas = ["".join(objects.name_path(each.arg)) for each in options if _is_schema(each)]
        if schemas in ([], ["public"]):
            name = one.node.extname
            yield Problem(
                f"The extension {name} puts its functions and types into public, among your own "
                "and within reach of everybody's search_path.",
                f"Write CREATE EXTENSION {name} WITH SCHEMA extensions, after CREATE SCHEMA.",
                one.line,
                one.column,
            )


def _is_schema(option: object) -> bool:
    return getattr(option, "defname", "") == "schema"


RULE = Rule(
    name="schema/extension-in-public",
    severity=Severity.WARNING,
    summary="An extension is created in schema public.",
    why=(
        "Its functions may shadow or be shadowed by the application's, an API that serves public "
        "serves them, too, and dumps and drift checks are full of them."
    ),
    instead="Create extensions in a schema of their own.",
    check=_check,
    bad=(
        Example("CREATE EXTENSION IF NOT EXISTS citext;\n"),
        Example("CREATE EXTENSION citext WITH SCHEMA public;\n"),
    ),
    good=(
        Example("CREATE EXTENSION citext WITH SCHEMA extensions;\n"),
        Example("CREATE EXTENSION plpgsql;\n"),
    ),
    opt_in=True,
)
