"""Operators."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension


def _partner(column: str) -> str:
    return f"CASE WHEN o.{column} <> 0 THEN o.{column}::regoperator::text END"


KIND = ObjectKind(
    name="operator",
    recorded_in=("pg_operator", "oid"),
    identity=("schema", "operator", "arguments"),
    attributes=(
        "function",
        "returns",
        "commutator",
        "negator",
        "restriction",
        "join_selectivity",
        "hashes",
        "merges",
    ),
    query=f"""
SELECT
    n.name AS schema,
    o.oprname AS operator,
    pg_catalog.format('(%s)', pg_catalog.concat_ws(', ',
        CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) ELSE 'NONE' END,
        pg_catalog.format_type(o.oprright, NULL))) AS arguments,
    o.oprcode::oid::regprocedure::text AS function,
    pg_catalog.format_type(o.oprresult, NULL) AS returns,
    {_partner("oprcom")} AS commutator,
    {_partner("oprnegate")} AS negator,
    CASE WHEN o.oprrest::oid <> 0 THEN o.oprrest::oid::regprocedure::text END AS restriction,
    CASE WHEN o.oprjoin::oid <> 0 THEN o.oprjoin::oid::regprocedure::text END AS join_selectivity,
    o.oprcanhash::text AS hashes,
    o.oprcanmerge::text AS merges
FROM namespace AS n
JOIN pg_catalog.pg_operator AS o ON o.oprnamespace = n.oid
WHERE {not_from_extension("pg_operator", "o.oid")}
""",
)
