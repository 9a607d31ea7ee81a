"""Collations. Where a server keeps the locale has changed twice, so the row is asked by name."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="collation",
    recorded_in=("pg_collation", "oid"),
    identity=("schema", "collation"),
    attributes=("provider", "locale", "ctype", "deterministic", "rules"),
    query=f"""
SELECT
    n.name AS schema,
    c.collname AS collation,
    CASE c.collprovider
        WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'default'
    END AS provider,
    COALESCE(later.entry ->> 'colllocale', later.entry ->> 'colliculocale', c.collcollate)
        AS locale,
    CASE c.collprovider WHEN 'c' THEN c.collctype END AS ctype,
    c.collisdeterministic::text AS deterministic,
    later.entry ->> 'collicurules' AS rules
FROM namespace AS n
JOIN pg_catalog.pg_collation AS c ON c.collnamespace = n.oid
CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(c) AS entry) AS later
WHERE {not_from_extension("pg_collation", "c.oid")}
""",
)
