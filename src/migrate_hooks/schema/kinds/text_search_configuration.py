"""Text search configurations, with the dictionaries that each type of token is given to."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="text search configuration",
    recorded_in=("pg_ts_config", "oid"),
    identity=("schema", "configuration"),
    attributes=("parser", "mappings"),
    query=f"""
SELECT
    n.name AS schema,
    c.cfgname AS configuration,
    pg_catalog.format('%I.%I', pn.nspname, p.prsname) AS parser,
    (
        SELECT pg_catalog.string_agg(
            pg_catalog.format('%s: %I.%I', m.maptokentype, dn.nspname, d.dictname),
            ', ' ORDER BY m.maptokentype, m.mapseqno)
        FROM pg_catalog.pg_ts_config_map AS m
        JOIN pg_catalog.pg_ts_dict AS d ON d.oid = m.mapdict
        JOIN pg_catalog.pg_namespace AS dn ON dn.oid = d.dictnamespace
        WHERE m.mapcfg = c.oid
    ) AS mappings
FROM namespace AS n
JOIN pg_catalog.pg_ts_config AS c ON c.cfgnamespace = n.oid
JOIN pg_catalog.pg_ts_parser AS p ON p.oid = c.cfgparser
JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.prsnamespace
WHERE {not_from_extension("pg_ts_config", "c.oid")}
""",
)
