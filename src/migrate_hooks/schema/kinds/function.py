"""Functions, window functions and procedures."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import ARGUMENT_TYPES, not_from_extension

KIND = ObjectKind(
    name="function",
    identity=("schema", "function", "arguments"),
    attributes=(
        "kind",
        "parameters",
        "returns",
        "language",
        "volatility",
        "security",
        "strict",
        "leakproof",
        "parallel",
        "config",
        "cost",
        "rows",
        "body",
        "library",
        "support",
    ),
    query=f"""
SELECT
    n.name AS schema,
    p.proname AS function,
    {ARGUMENT_TYPES} AS arguments,
    CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'w' THEN 'window function' ELSE 'function' END
        AS kind,
    pg_catalog.pg_get_function_arguments(p.oid) AS parameters,
    pg_catalog.pg_get_function_result(p.oid) AS returns,
    l.lanname AS language,
    CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END
        AS volatility,
    CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END AS security,
    p.proisstrict::text AS strict,
    p.proleakproof::text AS leakproof,
    CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' ELSE 'unsafe' END
        AS parallel,
    (
        SELECT pg_catalog.string_agg(s.setting, ', ' ORDER BY s.setting)
        FROM pg_catalog.unnest(p.proconfig) AS s (setting)
    ) AS config,
    p.procost::text AS cost,
    p.prorows::text AS rows,
    COALESCE(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc) AS body,
    p.probin AS library,
    CASE WHEN p.prosupport::oid <> 0 THEN p.prosupport::oid::regprocedure::text END AS support
FROM namespace AS n
JOIN pg_catalog.pg_proc AS p ON p.pronamespace = n.oid
JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang
WHERE p.prokind <> 'a' AND {not_from_extension("pg_proc", "p.oid")}
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid
      AND d.deptype = 'i')
""",
)
