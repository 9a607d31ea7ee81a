"""Which objects belong to the user: the start of every kind's query.

`SCOPE` is a WITH clause that offers `namespace (oid, name)` and `relation (oid, schema, name,
kind)`: whatever is neither the server's, an extension's, a ledger's nor a provider's. The same
with `any_` in front includes what is inside a provider's schemas. Everything is joined by OID,
because names need privileges and a search path.
"""

from collections.abc import Iterable

LEDGER_SCHEMAS = ("migrate_hooks", "supabase_migrations")

LEDGER_TABLES = (
    (
        "_prisma_migrations",
        "applied_steps_count,checksum,finished_at,id,logs,migration_name,rolled_back_at,started_at",
    ),
    (
        "flyway_schema_history",
        "checksum,description,execution_time,installed_by,installed_on,"
        "installed_rank,script,success,type,version",
    ),
    ("goose_db_version", "id,is_applied,tstamp,version_id"),
    ("pgmigrations", "id,name,run_on"),
    ("schema_migrations", "dirty,version"),
    ("schema_migrations", "version"),
)
"""Ledgers of migration tools outside of a schema of their own: only with exactly these columns."""

PROVIDER_SCHEMAS = (
    "_analytics",
    "_realtime",
    "_supavisor",
    "auth",
    "cron",
    "extensions",
    "graphql",
    "graphql_public",
    "net",
    "pgbouncer",
    "pgmq",
    "pgsodium",
    "pgsodium_masks",
    "realtime",
    "storage",
    "supabase_functions",
    "supabase_subscription_mgmt",
    "vault",
)
"""Schemas that Supabase manages; left out only where `auth.users` is Supabase's own table."""


def _list(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def not_from_extension(catalog: str, oid: str) -> str:
    """Return the condition that the object `oid` of `catalog` was not made by an extension."""
    return f"""NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS made
        WHERE made.classid = 'pg_catalog.{catalog}'::pg_catalog.regclass
          AND made.objid = {oid} AND made.deptype = 'e')"""


_SENSITIVE = "pass|secret|token|key|credential|dsn|conn|url"


def foreign_options(column: str) -> str:
    """Return SQL for the options of a foreign object; of what may be a secret only the name."""
    return f"""(
        SELECT pg_catalog.string_agg(
            o.option_name || '=' || CASE WHEN o.option_name ~* '{_SENSITIVE}' THEN '(hidden)'
                ELSE o.option_value END,
            ', ' ORDER BY o.option_name COLLATE "C")
        FROM pg_catalog.pg_options_to_table({column}) AS o)"""


MADE_LATER = ">= 16384"
"""Of an OID: not made with the server itself."""

ARGUMENT_TYPES = """pg_catalog.format('(%s)', (
        SELECT pg_catalog.string_agg(
            pg_catalog.format_type(argument.type, NULL), ', ' ORDER BY argument.place)
        FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY AS argument (type, place)))"""
"""SQL for what tells functions `p` of one name apart: "(integer, text)", without names."""


_LEDGER_NAMES = tuple(sorted({name for name, _ in LEDGER_TABLES}))
_LEDGER_FORMS = tuple(f"{name}:{columns}" for name, columns in LEDGER_TABLES)

# auth.users as Supabase makes it; a project's own schema `auth` must not vanish from a comparison.
_IS_SUPABASE = """EXISTS (
        SELECT FROM pg_catalog.pg_namespace AS n
        JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid
        JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid
        WHERE n.nspname = 'auth' AND c.relname = 'users' AND a.attname = 'raw_app_meta_data')"""

# CASE, so that the columns are gathered for tables of those names only.
_NOT_A_LEDGER = f"""CASE WHEN c.relname IN ({_list(_LEDGER_NAMES)}) THEN (
            SELECT c.relname || ':' || pg_catalog.string_agg(a.attname, ',' ORDER BY a.attname)
            FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        ) NOT IN ({_list(_LEDGER_FORMS)}) ELSE true END"""

_SCOPE = f"""
WITH any_namespace AS (
    SELECT
        n.oid,
        n.nspname AS name,
        n.nspname IN ({_list(PROVIDER_SCHEMAS)}) AND {_IS_SUPABASE} AS provided
    FROM pg_catalog.pg_namespace AS n
    WHERE n.nspname !~ '^pg_'
      AND n.nspname NOT IN ('information_schema', {_list(LEDGER_SCHEMAS)})
),
namespace AS (
    SELECT oid, name FROM any_namespace WHERE NOT provided
),
any_relation AS (
    SELECT c.oid, n.name AS schema, c.relname AS name, c.relkind AS kind, n.provided
    FROM any_namespace AS n
    JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid
    WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm')
      AND {not_from_extension("pg_class", "c.oid")}
      AND {_NOT_A_LEDGER}%s
),
relation AS (
    SELECT oid, schema, name, kind FROM any_relation WHERE NOT provided
)
"""


def scope(without: Iterable[int] = ()) -> str:
    """Return SCOPE less the relations of these OIDs."""
    listed = ", ".join(map(str, without))
    return _SCOPE % (f" AND c.oid NOT IN ({listed})" if listed else "")


SCOPE = scope()
