"""Aggregates, by the functions they are made of."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import ARGUMENT_TYPES, not_from_extension


def _function(column: str) -> str:
    """Return SQL for the function in `column`, signed, or NULL where there is none."""
    return f"CASE WHEN a.{column}::oid <> 0 THEN a.{column}::regprocedure::text END"


KIND = ObjectKind(
    name="aggregate",
    identity=("schema", "aggregate", "arguments"),
    attributes=(
        "returns",
        "transition",
        "state",
        "final",
        "combine",
        "moving_transition",
        "moving_inverse",
        "initial",
        "parallel",
    ),
    query=f"""
SELECT
    n.name AS schema,
    p.proname AS aggregate,
    {ARGUMENT_TYPES} AS arguments,
    pg_catalog.pg_get_function_result(p.oid) AS returns,
    {_function("aggtransfn")} AS transition,
    pg_catalog.format_type(a.aggtranstype, NULL) AS state,
    {_function("aggfinalfn")} AS final,
    {_function("aggcombinefn")} AS combine,
    {_function("aggmtransfn")} AS moving_transition,
    {_function("aggminvtransfn")} AS moving_inverse,
    a.agginitval AS initial,
    CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END
        AS parallel
FROM namespace AS n
JOIN pg_catalog.pg_proc AS p ON p.pronamespace = n.oid
JOIN pg_catalog.pg_aggregate AS a ON a.aggfnoid = p.oid
WHERE {not_from_extension("pg_proc", "p.oid")}
""",
)
