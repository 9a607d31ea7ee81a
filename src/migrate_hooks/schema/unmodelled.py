"""What a server may hold and no kind describes: counted, so that nothing is left out in silence."""

from migrate_hooks.schema.scope import MADE_LATER, not_from_extension

_CATALOGS = {
    "access method": "pg_am",
    "conversion": "pg_conversion",
    "language": "pg_language",
    "text search parser": "pg_ts_parser",
    "text search template": "pg_ts_template",
    "transform": "pg_transform",
}


def _branch(kind: str, catalog: str, condition: str = "") -> str:
    return f"""
    SELECT '{kind}' AS kind, pg_catalog.count(*)::text AS count
    FROM pg_catalog.{catalog} AS o
    WHERE o.oid {MADE_LATER} AND {not_from_extension(catalog, "o.oid")}{condition}
    HAVING pg_catalog.count(*) > 0"""


_BASE_TYPE = (
    " AND o.typtype = 'b' AND o.typcategory <> 'A'"
    " AND o.typnamespace IN (SELECT n.oid FROM namespace AS n)"
)

QUERY = " UNION ALL ".join(
    [
        *(_branch(*each) for each in _CATALOGS.items()),
        _branch("base type", "pg_type", _BASE_TYPE),
    ]
)
"""Rows of (kind, how many), for kinds of which there are any."""
