"""Enums, with their labels in order."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="enum",
    identity=("schema", "enum"),
    attributes=("labels",),
    query=f"""
SELECT
    n.name AS schema,
    t.typname AS enum,
    (
        SELECT pg_catalog.string_agg(
            pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
        FROM pg_catalog.pg_enum AS e
        WHERE e.enumtypid = t.oid
    ) AS labels
FROM namespace AS n
JOIN pg_catalog.pg_type AS t ON t.typnamespace = n.oid
WHERE t.typtype = 'e' AND {not_from_extension("pg_type", "t.oid")}
""",
)
