"""Sequences with a life of their own or owned by a serial column; never their last value.

The sequence behind an identity column comes with the column. One that a column owns is in the
schema of its table.
"""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="sequence",
    identity=("schema", "sequence"),
    table=("owner_schema", "owner_table"),
    attributes=(
        "type",
        "persistence",
        "start",
        "increment",
        "minimum",
        "maximum",
        "cache",
        "cycle",
        "owned_by",
    ),
    query=f"""
SELECT
    n.name AS schema,
    c.relname AS sequence,
    CASE WHEN own.oid IS NOT NULL THEN n.name END AS owner_schema,
    own.relname AS owner_table,
    pg_catalog.format_type(s.seqtypid, NULL) AS type,
    CASE c.relpersistence WHEN 'u' THEN 'unlogged' ELSE 'permanent' END AS persistence,
    s.seqstart::text AS start,
    s.seqincrement::text AS increment,
    s.seqmin::text AS minimum,
    s.seqmax::text AS maximum,
    s.seqcache::text AS cache,
    s.seqcycle::text AS cycle,
    CASE WHEN own.oid IS NOT NULL
        THEN pg_catalog.format('%I.%I.%I', n.name, own.relname, a.attname) END AS owned_by
FROM namespace AS n
JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid
JOIN pg_catalog.pg_sequence AS s ON s.seqrelid = c.oid
LEFT JOIN pg_catalog.pg_depend AS d
    ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_catalog.pg_class AS own ON own.oid = d.refobjid
LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = own.oid AND a.attnum = d.refobjsubid
WHERE d.deptype IS DISTINCT FROM 'i'
  AND (d.refobjid IS NULL OR d.refobjid IN (SELECT r.oid FROM relation AS r))
  AND {not_from_extension("pg_class", "c.oid")}
""",
)
