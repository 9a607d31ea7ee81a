"""Composite types made by CREATE TYPE; a table's row type comes with the table."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="composite type",
    identity=("schema", "type"),
    attributes=("fields",),
    query=f"""
SELECT
    n.name AS schema,
    t.typname AS type,
    (
        SELECT pg_catalog.string_agg(
            pg_catalog.format(
                '%I %s', a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)),
            ', ' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ) AS fields
FROM namespace AS n
JOIN pg_catalog.pg_type AS t ON t.typnamespace = n.oid
JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
WHERE c.relkind = 'c' AND {not_from_extension("pg_type", "t.oid")}
""",
)
