"""Aggregates, by the functions they are made of; their parameters say which are ordered."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import ARGUMENT_TYPES, not_from_extension


def _function(column: str) -> str:
    """Return SQL for the function in `column`, signed, or NULL where there is none."""
    return f"CASE WHEN a.{column}::oid <> 0 THEN a.{column}::regprocedure::text END"


KIND = ObjectKind(
    name="aggregate",
    recorded_in=("pg_aggregate", "aggfnoid"),
    identity=("schema", "aggregate", "arguments"),
    attributes=(
        "kind",
        "parameters",
        "returns",
        "transition",
        "state",
        "final",
        "final_extra",
        "combine",
        "serialize",
        "deserialize",
        "initial",
        "moving_transition",
        "moving_inverse",
        "moving_state",
        "moving_final",
        "moving_initial",
        "sort_operator",
        "parallel",
    ),
    query=f"""
SELECT
    n.name AS schema,
    p.proname AS aggregate,
    {ARGUMENT_TYPES} AS arguments,
    CASE a.aggkind WHEN 'n' THEN 'normal' WHEN 'o' THEN 'ordered-set' ELSE 'hypothetical-set' END
        AS kind,
    pg_catalog.pg_get_function_arguments(p.oid) AS parameters,
    pg_catalog.pg_get_function_result(p.oid) AS returns,
    {_function("aggtransfn")} AS transition,
    pg_catalog.format_type(a.aggtranstype, NULL) AS state,
    {_function("aggfinalfn")} AS final,
    a.aggfinalextra::text AS final_extra,
    {_function("aggcombinefn")} AS combine,
    {_function("aggserialfn")} AS serialize,
    {_function("aggdeserialfn")} AS deserialize,
    a.agginitval AS initial,
    {_function("aggmtransfn")} AS moving_transition,
    {_function("aggminvtransfn")} AS moving_inverse,
    CASE WHEN a.aggmtranstype <> 0 THEN pg_catalog.format_type(a.aggmtranstype, NULL) END
        AS moving_state,
    {_function("aggmfinalfn")} AS moving_final,
    a.aggminitval AS moving_initial,
    CASE WHEN a.aggsortop <> 0 THEN a.aggsortop::regoperator::text END AS sort_operator,
    CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END
        AS parallel
FROM namespace AS n
JOIN pg_catalog.pg_proc AS p ON p.pronamespace = n.oid
JOIN pg_catalog.pg_aggregate AS a ON a.aggfnoid = p.oid
WHERE {not_from_extension("pg_proc", "p.oid")}
""",
)
