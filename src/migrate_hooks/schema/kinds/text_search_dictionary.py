"""Text search dictionaries."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="text search dictionary",
    recorded_in=("pg_ts_dict", "oid"),
    identity=("schema", "dictionary"),
    attributes=("template", "options"),
    query=f"""
SELECT
    n.name AS schema,
    d.dictname AS dictionary,
    pg_catalog.format('%I.%I', tn.nspname, t.tmplname) AS template,
    d.dictinitoption AS options
FROM namespace AS n
JOIN pg_catalog.pg_ts_dict AS d ON d.dictnamespace = n.oid
JOIN pg_catalog.pg_ts_template AS t ON t.oid = d.dicttemplate
JOIN pg_catalog.pg_namespace AS tn ON tn.oid = t.tmplnamespace
WHERE {not_from_extension("pg_ts_dict", "d.oid")}
""",
)
