"""Operator classes; their operators and functions belong to a family."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="operator class",
    recorded_in=("pg_opclass", "oid"),
    identity=("schema", "class", "method"),
    attributes=("type", "family", "is_default", "stores"),
    query=f"""
SELECT
    n.name AS schema,
    c.opcname AS class,
    a.amname AS method,
    pg_catalog.format_type(c.opcintype, NULL) AS type,
    pg_catalog.format('%I.%I', fn.nspname, f.opfname) AS family,
    c.opcdefault::text AS is_default,
    CASE WHEN c.opckeytype <> 0 THEN pg_catalog.format_type(c.opckeytype, NULL) END AS stores
FROM namespace AS n
JOIN pg_catalog.pg_opclass AS c ON c.opcnamespace = n.oid
JOIN pg_catalog.pg_am AS a ON a.oid = c.opcmethod
JOIN pg_catalog.pg_opfamily AS f ON f.oid = c.opcfamily
JOIN pg_catalog.pg_namespace AS fn ON fn.oid = f.opfnamespace
WHERE {not_from_extension("pg_opclass", "c.oid")}
""",
)
