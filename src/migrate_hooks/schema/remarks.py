"""The one query behind comments and security labels: texts that hang on objects of any kind.

Few objects have one, so the texts are gathered first and then asked what they are about.
"""

from migrate_hooks.schema.scope import ARGUMENT_TYPES, MADE_LATER, not_from_extension

IDENTITY = ("schema", "object", "part", "provider")
TABLE = ("owner_schema", "owner_table")


def _of_table(catalog: str, name: str, table: str) -> str:
    """Return the branch for what is named within a table, whose OID stands in its row."""
    return f"""
    SELECT s.*, r.schema, r.name, o.{name}, r.name
    FROM said AS s
    JOIN pg_catalog.{catalog} AS o ON o.oid = s.objoid
    JOIN relation AS r ON r.oid = o.{table}
    WHERE s.classoid = 'pg_catalog.{catalog}'::pg_catalog.regclass"""


def _of_schema(catalog: str, name: str, namespace: str, part: str = "NULL") -> str:
    """Return the branch for what is named within a schema."""
    return f"""
    SELECT s.*, n.name, p.{name}, {part}, NULL
    FROM said AS s
    JOIN pg_catalog.{catalog} AS p ON p.oid = s.objoid
    JOIN namespace AS n ON n.oid = p.{namespace}
    WHERE s.classoid = 'pg_catalog.{catalog}'::pg_catalog.regclass
      AND {not_from_extension(catalog, "p.oid")}"""


def _of_database(catalog: str, name: str) -> str:
    """Return the branch for what is in no schema."""
    return f"""
    SELECT s.*, o.{name}, NULL, NULL, NULL
    FROM said AS s
    JOIN pg_catalog.{catalog} AS o ON o.oid = s.objoid
    WHERE s.classoid = 'pg_catalog.{catalog}'::pg_catalog.regclass
      AND {not_from_extension(catalog, "o.oid")}"""


_BRANCHES = (
    """
    SELECT s.*, n.name, NULL, NULL, NULL
    FROM said AS s
    JOIN namespace AS n ON n.oid = s.objoid
    WHERE s.classoid = 'pg_catalog.pg_namespace'::pg_catalog.regclass""",
    """
    SELECT s.*, r.schema, r.name, a.attname, r.name
    FROM said AS s
    JOIN relation AS r ON r.oid = s.objoid
    LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid AND a.attnum = s.objsubid
        AND s.objsubid > 0
    WHERE s.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass""",
    """
    SELECT s.*, r.schema, r.name, c.relname, r.name
    FROM said AS s
    JOIN pg_catalog.pg_index AS i ON i.indexrelid = s.objoid
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
    JOIN relation AS r ON r.oid = i.indrelid
    WHERE s.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass""",
    """
    SELECT s.*, n.name, c.relname, NULL, NULL
    FROM said AS s
    JOIN pg_catalog.pg_class AS c ON c.oid = s.objoid AND c.relkind = 'S'
    JOIN namespace AS n ON n.oid = c.relnamespace
    WHERE s.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass""",
    """
    SELECT s.*, n.name, t.typname, o.conname, NULL
    FROM said AS s
    JOIN pg_catalog.pg_constraint AS o ON o.oid = s.objoid
    JOIN pg_catalog.pg_type AS t ON t.oid = o.contypid
    JOIN namespace AS n ON n.oid = t.typnamespace
    WHERE s.classoid = 'pg_catalog.pg_constraint'::pg_catalog.regclass""",
    _of_table("pg_constraint", "conname", "conrelid"),
    _of_table("pg_trigger", "tgname", "tgrelid"),
    _of_table("pg_policy", "polname", "polrelid"),
    _of_table("pg_rewrite", "rulename", "ev_class"),
    _of_table("pg_statistic_ext", "stxname", "stxrelid"),
    _of_schema("pg_proc", "proname", "pronamespace", ARGUMENT_TYPES),
    _of_schema("pg_type", "typname", "typnamespace"),
    _of_schema("pg_collation", "collname", "collnamespace"),
    _of_schema("pg_operator", "oprname", "oprnamespace"),
    _of_schema("pg_ts_config", "cfgname", "cfgnamespace"),
    _of_schema("pg_ts_dict", "dictname", "dictnamespace"),
    _of_database("pg_event_trigger", "evtname"),
    _of_database("pg_foreign_data_wrapper", "fdwname"),
    _of_database("pg_foreign_server", "srvname"),
    _of_database("pg_publication", "pubname"),
)


def query(catalog: str, text: str, provider: str) -> str:
    """Return the query for the texts in column `text` of `catalog`; `provider` is SQL, too."""
    return f"""
WITH said AS MATERIALIZED (
    SELECT s.classoid, s.objoid, s.objsubid, {provider} AS provider, s.{text} AS text
    FROM pg_catalog.{catalog} AS s
    WHERE s.objoid {MADE_LATER} OR s.objoid IN (SELECT n.oid FROM namespace AS n)
),
subject (classoid, objoid, objsubid, provider, text, schema, object, part, owner) AS (
{" UNION ALL ".join(_BRANCHES)}
)
SELECT
    s.schema, s.object, s.part, s.provider, s.text,
    CASE WHEN s.owner IS NOT NULL THEN s.schema END AS owner_schema,
    s.owner AS owner_table
FROM subject AS s
"""
