"""Columns of tables; those of a view are part of its definition."""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="column",
    identity=("schema", "table", "column"),
    table=("schema", "table"),
    attributes=("type", "not_null", "default", "generated", "identity", "collation"),
    query="""
SELECT
    r.schema,
    r.name AS "table",
    a.attname AS "column",
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
    a.attnotnull::text AS not_null,
    CASE a.attgenerated WHEN '' THEN pg_catalog.pg_get_expr(d.adbin, r.oid) END AS "default",
    CASE a.attgenerated
        WHEN 's' THEN pg_catalog.pg_get_expr(d.adbin, r.oid) || ' stored'
        WHEN 'v' THEN pg_catalog.pg_get_expr(d.adbin, r.oid) || ' virtual'
    END AS generated,
    CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
    CASE WHEN a.attcollation <> t.typcollation
        THEN pg_catalog.format('%I.%I', cn.nspname, co.collname) END AS collation
FROM relation AS r
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = r.oid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation AS co ON co.oid = a.attcollation
LEFT JOIN pg_catalog.pg_namespace AS cn ON cn.oid = co.collnamespace
WHERE r.kind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
""",
)
