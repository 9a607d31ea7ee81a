"""Columns of tables; those of a view are part of its definition.

PostgreSQL 18 keeps NOT NULL as a constraint; only whether rows were checked for it is new.
"""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import foreign_options

KIND = ObjectKind(
    name="column",
    identity=("schema", "table", "column"),
    table=("schema", "table"),
    attributes=(
        "type",
        "not_null",
        "default",
        "generated",
        "identity",
        "identity_options",
        "collation",
        "storage",
        "compression",
        "statistics_target",
        "options",
    ),
    query=f"""
SELECT
    r.schema,
    r.name AS "table",
    a.attname AS "column",
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
    CASE WHEN doubtful.conkey IS NULL THEN a.attnotnull::text ELSE 'not valid' END AS not_null,
    CASE a.attgenerated WHEN '' THEN pg_catalog.pg_get_expr(d.adbin, r.oid) END AS "default",
    CASE a.attgenerated
        WHEN 's' THEN pg_catalog.pg_get_expr(d.adbin, r.oid) || ' stored'
        WHEN 'v' THEN pg_catalog.pg_get_expr(d.adbin, r.oid) || ' virtual'
    END AS generated,
    CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS identity,
    CASE WHEN a.attidentity <> '' THEN (
        SELECT pg_catalog.format('start %s, increment %s, from %s to %s, cache %s%s',
            s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
            CASE WHEN s.seqcycle THEN ', cycle' END)
        FROM pg_catalog.pg_depend AS made
        JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = made.objid
        WHERE made.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
          AND made.refobjid = r.oid AND made.refobjsubid = a.attnum AND made.deptype = 'i'
    ) END AS identity_options,
    CASE WHEN a.attcollation <> t.typcollation
        THEN pg_catalog.format('%I.%I', cn.nspname, co.collname) END AS collation,
    CASE WHEN a.attstorage <> t.typstorage THEN
        CASE a.attstorage
            WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'm' THEN 'main' ELSE 'extended' END
    END AS storage,
    CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
    NULLIF(a.attstattarget, -1)::text AS statistics_target,
    CASE WHEN a.attfdwoptions IS NOT NULL THEN {foreign_options("a.attfdwoptions")}
        ELSE pg_catalog.array_to_string(a.attoptions, ', ') END AS options
FROM relation AS r
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef AS d ON d.adrelid = r.oid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_constraint AS doubtful
    ON doubtful.contype = 'n' AND NOT doubtful.convalidated AND doubtful.conrelid = r.oid
    AND doubtful.conkey[1] = a.attnum
LEFT JOIN pg_catalog.pg_collation AS co ON co.oid = a.attcollation
LEFT JOIN pg_catalog.pg_namespace AS cn ON cn.oid = co.collnamespace
WHERE r.kind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
""",
)
