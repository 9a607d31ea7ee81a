"""Indexes of their own; those of constraints and partitions come with what they serve."""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="index",
    identity=("schema", "table", "index"),
    table=("schema", "table"),
    attributes=("definition", "valid"),
    query="""
SELECT
    r.schema,
    r.name AS "table",
    c.relname AS index,
    pg_catalog.pg_get_indexdef(i.indexrelid) AS definition,
    i.indisvalid::text AS valid
FROM relation AS r
JOIN pg_catalog.pg_index AS i ON i.indrelid = r.oid
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
WHERE NOT c.relispartition AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS con
    WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x'))
""",
)
