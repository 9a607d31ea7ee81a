"""Row level security of tables: whether policies are asked at all, and for the owner too."""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="row security",
    identity=("schema", "table"),
    table=("schema", "table"),
    attributes=("enabled", "forced"),
    query="""
SELECT
    r.schema,
    r.name AS "table",
    c.relrowsecurity::text AS enabled,
    c.relforcerowsecurity::text AS forced
FROM relation AS r
JOIN pg_catalog.pg_class AS c ON c.oid = r.oid
WHERE r.kind IN ('r', 'p')
""",
)
