"""Publications; what is published is a kind of its own."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

_QUERY = """
SELECT
    p.pubname AS publication,
    p.puballtables::text AS all_tables,
    pg_catalog.concat_ws(', ',
        CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
        CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END
    ) AS operations,
    p.pubviaroot::text AS via_root,
    {generated} AS generated_columns
FROM pg_catalog.pg_publication AS p
WHERE {ours}
"""
_OURS = not_from_extension("pg_publication", "p.oid")

KIND = ObjectKind(
    name="publication",
    recorded_in=("pg_publication", ""),
    identity=("publication",),
    attributes=("all_tables", "operations", "via_root", "generated_columns"),
    query=_QUERY.format(generated="'none'", ours=_OURS),
    newer=(
        (
            180000,
            _QUERY.format(
                generated="CASE p.pubgencols WHEN 's' THEN 'stored' ELSE 'none' END", ours=_OURS
            ),
        ),
    ),
)
