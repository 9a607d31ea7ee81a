"""Tables of publications, also a provider's, with the rows and columns that are published."""

from migrate_hooks.schema.base import ObjectKind

_QUERY = """
SELECT
    r.schema,
    r.name AS "table",
    p.pubname AS publication,
    {rows} AS rows,
    {columns} AS columns
FROM any_relation AS r
JOIN pg_catalog.pg_publication_rel AS m ON m.prrelid = r.oid
JOIN pg_catalog.pg_publication AS p ON p.oid = m.prpubid
"""
_COLUMNS = """(
        SELECT pg_catalog.string_agg(
            pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C")
        FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = r.oid AND a.attnum = ANY (m.prattrs::int2[])
    )"""

KIND = ObjectKind(
    name="published table",
    recorded_in=("pg_publication", ""),
    identity=("schema", "table", "publication"),
    attributes=("rows", "columns"),
    table=("schema", "table"),
    query=_QUERY.format(rows="NULL", columns="NULL"),
    newer=(
        (
            150000,
            _QUERY.format(rows="pg_catalog.pg_get_expr(m.prqual, r.oid)", columns=_COLUMNS),
        ),
    ),
)
