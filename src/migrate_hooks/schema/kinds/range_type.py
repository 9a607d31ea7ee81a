"""Range types; their multirange types and constructors come with them."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="range type",
    recorded_in=("pg_range", "rngtypid"),
    identity=("schema", "type"),
    attributes=("subtype", "operator_class", "canonical", "difference", "multirange"),
    query=f"""
SELECT
    n.name AS schema,
    t.typname AS type,
    pg_catalog.format_type(r.rngsubtype, NULL) AS subtype,
    pg_catalog.format('%I.%I', opn.nspname, o.opcname) AS operator_class,
    CASE WHEN r.rngcanonical::oid <> 0 THEN r.rngcanonical::regprocedure::text END AS canonical,
    CASE WHEN r.rngsubdiff::oid <> 0 THEN r.rngsubdiff::regprocedure::text END AS difference,
    r.rngmultitypid::pg_catalog.regtype::text AS multirange
FROM namespace AS n
JOIN pg_catalog.pg_type AS t ON t.typnamespace = n.oid
JOIN pg_catalog.pg_range AS r ON r.rngtypid = t.oid
JOIN pg_catalog.pg_opclass AS o ON o.oid = r.rngsubopc
JOIN pg_catalog.pg_namespace AS opn ON opn.oid = o.opcnamespace
WHERE t.typtype = 'r' AND {not_from_extension("pg_type", "t.oid")}
""",
)
