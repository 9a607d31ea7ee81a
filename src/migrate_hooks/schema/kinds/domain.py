"""Domains, with their checks."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="domain",
    identity=("schema", "domain"),
    attributes=("type", "not_null", "default", "checks", "collation"),
    query=f"""
SELECT
    n.name AS schema,
    t.typname AS domain,
    pg_catalog.format_type(t.typbasetype, t.typtypmod) AS type,
    t.typnotnull::text AS not_null,
    pg_catalog.pg_get_expr(t.typdefaultbin, 0) AS "default",
    (
        SELECT pg_catalog.string_agg(
            pg_catalog.format('%I %s', con.conname, pg_catalog.pg_get_constraintdef(con.oid)),
            ', ' ORDER BY con.conname)
        FROM pg_catalog.pg_constraint AS con
        WHERE con.contypid = t.oid AND con.contype = 'c'
    ) AS checks,
    CASE WHEN t.typcollation <> base.typcollation
        THEN pg_catalog.format('%I.%I', cn.nspname, co.collname) END AS collation
FROM namespace AS n
JOIN pg_catalog.pg_type AS t ON t.typnamespace = n.oid
JOIN pg_catalog.pg_type AS base ON base.oid = t.typbasetype
LEFT JOIN pg_catalog.pg_collation AS co ON co.oid = t.typcollation
LEFT JOIN pg_catalog.pg_namespace AS cn ON cn.oid = co.collnamespace
WHERE t.typtype = 'd' AND {not_from_extension("pg_type", "t.oid")}
""",
)
