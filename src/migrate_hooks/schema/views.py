"""The one query behind views and materialized views."""

from dataclasses import replace

from migrate_hooks.model.schema import SchemaObject

UNQUALIFIED_SINCE = 160000
"""The server version since which the columns of a view with one relation stand without its name."""


def modern(one: SchemaObject) -> SchemaObject:
    """Return an object of an older server as a newer one would write it."""
    if one.kind not in ("view", "materialized view"):
        return one
    from migrate_hooks.sql.views import unqualified

    attributes = tuple(
        (name, unqualified(value) if name == "definition" and value else value)
        for name, value in one.attributes
    )
    return replace(one, attributes=attributes)


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
