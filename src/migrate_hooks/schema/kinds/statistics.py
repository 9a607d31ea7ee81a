"""Extended statistics, by what is gathered and not by what was found."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="statistics object",
    recorded_in=("pg_statistic_ext", ""),
    identity=("schema", "table", "statistics"),
    attributes=("definition", "target"),
    table=("schema", "table"),
    query=f"""
SELECT
    r.schema,
    r.name AS "table",
    s.stxname AS statistics,
    pg_catalog.pg_get_statisticsobjdef(s.oid) AS definition,
    NULLIF(s.stxstattarget, -1)::text AS target
FROM relation AS r
JOIN pg_catalog.pg_statistic_ext AS s ON s.stxrelid = r.oid
WHERE {not_from_extension("pg_statistic_ext", "s.oid")}
""",
)
