"""Indexes of their own; those of constraints and partitions come with what they serve."""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="index",
    identity=("schema", "table", "index"),
    table=("schema", "table"),
    attributes=("definition", "valid", "clustered", "tablespace", "statistics_targets"),
    query="""
SELECT
    r.schema,
    r.name AS "table",
    c.relname AS index,
    pg_catalog.pg_get_indexdef(i.indexrelid) AS definition,
    i.indisvalid::text AS valid,
    CASE WHEN i.indisclustered THEN 'true' END AS clustered,
    s.spcname AS tablespace,
    CASE WHEN i.indexprs IS NOT NULL THEN (
        SELECT pg_catalog.string_agg(
            pg_catalog.format('%s: %s', a.attnum, a.attstattarget), ', ' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0
    ) END AS statistics_targets
FROM relation AS r
JOIN pg_catalog.pg_index AS i ON i.indrelid = r.oid
JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
LEFT JOIN pg_catalog.pg_tablespace AS s ON s.oid = c.reltablespace
WHERE NOT c.relispartition AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint AS con
    WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x'))
""",
)
