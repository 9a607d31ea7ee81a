"""Tables, partitioned tables, partitions and foreign tables, without their columns."""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="table",
    identity=("schema", "table"),
    attributes=(
        "kind",
        "persistence",
        "partitioned_by",
        "parents",
        "partition_bound",
        "server",
        "options",
        "column_order",
    ),
    query="""
SELECT
    r.schema,
    r.name AS "table",
    CASE r.kind WHEN 'p' THEN 'partitioned table' WHEN 'f' THEN 'foreign table' ELSE 'table' END
        AS kind,
    CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
    pg_catalog.pg_get_partkeydef(r.oid) AS partitioned_by,
    (
        SELECT pg_catalog.string_agg(
            pg_catalog.format('%I.%I', p.nspname, parent.relname), ', ' ORDER BY i.inhseqno)
        FROM pg_catalog.pg_inherits AS i
        JOIN pg_catalog.pg_class AS parent ON parent.oid = i.inhparent
        JOIN pg_catalog.pg_namespace AS p ON p.oid = parent.relnamespace
        WHERE i.inhrelid = r.oid
    ) AS parents,
    pg_catalog.pg_get_expr(c.relpartbound, r.oid) AS partition_bound,
    s.srvname AS server,
    (
        SELECT pg_catalog.string_agg(o.option, ', ' ORDER BY o.option)
        FROM pg_catalog.unnest(c.reloptions) AS o (option)
    ) AS options,
    (
        SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS column_order
FROM relation AS r
JOIN pg_catalog.pg_class AS c ON c.oid = r.oid
LEFT JOIN pg_catalog.pg_foreign_table AS f ON f.ftrelid = r.oid
LEFT JOIN pg_catalog.pg_foreign_server AS s ON s.oid = f.ftserver
WHERE r.kind IN ('r', 'p', 'f')
""",
)
