"""Operator families, with the operators and support functions of all their classes."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="operator family",
    recorded_in=("pg_opfamily", "oid"),
    identity=("schema", "family", "method"),
    attributes=("operators", "functions"),
    query=f"""
SELECT
    n.name AS schema,
    f.opfname AS family,
    a.amname AS method,
    (
        SELECT pg_catalog.string_agg(
            pg_catalog.format('%s %s', o.amopstrategy, o.amopopr::regoperator),
            ', ' ORDER BY o.amopstrategy, o.amopopr::regoperator::text COLLATE "C")
        FROM pg_catalog.pg_amop AS o
        WHERE o.amopfamily = f.oid
    ) AS operators,
    (
        SELECT pg_catalog.string_agg(
            pg_catalog.format('%s %s', p.amprocnum, p.amproc::oid::regprocedure),
            ', ' ORDER BY p.amprocnum, p.amproc::oid::regprocedure::text COLLATE "C")
        FROM pg_catalog.pg_amproc AS p
        WHERE p.amprocfamily = f.oid
    ) AS functions
FROM namespace AS n
JOIN pg_catalog.pg_opfamily AS f ON f.opfnamespace = n.oid
JOIN pg_catalog.pg_am AS a ON a.oid = f.opfmethod
WHERE {not_from_extension("pg_opfamily", "f.oid")}
""",
)
