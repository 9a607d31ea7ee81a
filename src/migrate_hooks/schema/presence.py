"""Which objects a database has, by kind and name alone: readable without a single grant."""

from migrate_hooks.outside.postgres import Session

_THERE = """
SELECT
    CASE
        WHEN c.relkind IN ('r', 'p', 'f') THEN 'table'
        WHEN c.relkind = 'v' THEN 'view'
        WHEN c.relkind = 'm' THEN 'materialized view'
        WHEN c.relkind = 'S' THEN 'sequence'
        WHEN c.relkind = 'c' THEN 'type'
        ELSE 'index'
    END, n.nspname, c.relname
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT CASE WHEN p.prokind = 'a' THEN 'aggregate' ELSE 'function' END, n.nspname, p.proname
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
UNION ALL
SELECT CASE WHEN t.typtype = 'd' THEN 'domain' ELSE 'type' END, n.nspname, t.typname
FROM pg_catalog.pg_type AS t
JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND t.typrelid = 0
UNION ALL
SELECT 'schema', '', nspname FROM pg_catalog.pg_namespace
UNION ALL
SELECT 'extension', '', extname FROM pg_catalog.pg_extension
"""


def there(session: Session) -> frozenset[tuple[str, str, str]]:
    """Return (kind, schema, name) of every object; schemas and extensions are in no schema."""
    (rows,) = session.apart((_THERE, ()))
    return frozenset((str(kind), str(schema), str(name)) for kind, schema, name in rows)
