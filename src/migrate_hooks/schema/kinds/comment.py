"""Comments on schemas, tables, views, indexes, columns, functions and types.

A comment bears the identity of what it is about, and belongs to the same table.
"""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import ARGUMENT_TYPES, not_from_extension

KIND = ObjectKind(
    name="comment",
    identity=("schema", "object", "part"),
    table=("owner_schema", "owner_table"),
    attributes=("text",),
    query=f"""
WITH subject AS (
    SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass AS classoid, n.oid, 0 AS subid,
        n.name AS schema, NULL AS object, NULL AS part, NULL AS owner
    FROM namespace AS n
    UNION ALL
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, r.oid, 0, r.schema, r.name, NULL, r.name
    FROM relation AS r
    UNION ALL
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, r.oid, a.attnum, r.schema, r.name,
        a.attname, r.name
    FROM relation AS r
    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid
    WHERE a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, i.indexrelid, 0, r.schema, r.name,
        c.relname, r.name
    FROM relation AS r
    JOIN pg_catalog.pg_index AS i ON i.indrelid = r.oid
    JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0, n.name, p.proname,
        {ARGUMENT_TYPES}, p.proname
    FROM namespace AS n
    JOIN pg_catalog.pg_proc AS p ON p.pronamespace = n.oid
    WHERE {not_from_extension("pg_proc", "p.oid")}
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 0, n.name, t.typname, NULL, t.typname
    FROM namespace AS n
    JOIN pg_catalog.pg_type AS t ON t.typnamespace = n.oid
    WHERE t.typtype IN ('c', 'd', 'e', 'r') AND {not_from_extension("pg_type", "t.oid")}
)
SELECT
    s.schema,
    s.object,
    s.part,
    CASE WHEN s.owner IS NOT NULL THEN s.schema END AS owner_schema,
    s.owner AS owner_table,
    d.description AS text
FROM subject AS s
JOIN pg_catalog.pg_description AS d
    ON d.classoid = s.classoid AND d.objoid = s.oid AND d.objsubid = s.subid
""",
)
