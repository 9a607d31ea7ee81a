"""Tables, partitioned tables, partitions and foreign tables, without their columns."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import foreign_options

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
        "foreign_options",
        "options",
        "replica_identity",
        "access_method",
        "tablespace",
        "of_type",
        "column_order",
    ),
    query=f"""
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
    CASE WHEN r.kind = 'f' THEN {foreign_options("f.ftoptions")} END AS foreign_options,
    CASE WHEN c.reloptions IS NOT NULL OR toast.reloptions IS NOT NULL THEN (
        SELECT pg_catalog.string_agg(o.option, ', ' ORDER BY o.option)
        FROM pg_catalog.unnest(c.reloptions || ARRAY(
            SELECT 'toast.' || own.option
            FROM pg_catalog.unnest(toast.reloptions) AS own (option))) AS o (option)
    ) END AS options,
    CASE c.relreplident
        WHEN 'n' THEN 'nothing' WHEN 'f' THEN 'full'
        WHEN 'i' THEN (
            SELECT pg_catalog.quote_ident(index.relname)
            FROM pg_catalog.pg_index AS i
            JOIN pg_catalog.pg_class AS index ON index.oid = i.indexrelid
            WHERE i.indrelid = r.oid AND i.indisreplident)
    END AS replica_identity,
    am.amname AS access_method,
    space.spcname AS tablespace,
    CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END AS of_type,
    (
        SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS column_order
FROM relation AS r
JOIN pg_catalog.pg_class AS c ON c.oid = r.oid
LEFT JOIN pg_catalog.pg_class AS toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_catalog.pg_am AS am ON am.oid = c.relam AND r.kind <> 'p'
LEFT JOIN pg_catalog.pg_tablespace AS space ON space.oid = c.reltablespace
LEFT JOIN pg_catalog.pg_foreign_table AS f ON f.ftrelid = r.oid
LEFT JOIN pg_catalog.pg_foreign_server AS s ON s.oid = f.ftserver
WHERE r.kind IN ('r', 'p', 'f')
""",
)
