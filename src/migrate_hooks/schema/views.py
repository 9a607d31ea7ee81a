"""The one query behind views and materialized views."""


def query(relkind: str) -> str:
    """Return the query for one `pg_class.relkind`."""
    return f"""
SELECT
    r.schema,
    r.name AS view,
    pg_catalog.pg_get_viewdef(r.oid) AS definition,
    (
        SELECT pg_catalog.string_agg(o.option, ', ' ORDER BY o.option)
        FROM pg_catalog.unnest(c.reloptions) AS o (option)
    ) AS options
FROM relation AS r
JOIN pg_catalog.pg_class AS c ON c.oid = r.oid
WHERE r.kind = '{relkind}'
"""
