"""Foreign data wrappers that no extension made."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import foreign_options, not_from_extension

KIND = ObjectKind(
    name="foreign data wrapper",
    recorded_in=("pg_foreign_data_wrapper", ""),
    identity=("wrapper",),
    attributes=("handler", "validator", "options"),
    query=f"""
SELECT
    w.fdwname AS wrapper,
    CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regprocedure::text END AS handler,
    CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regprocedure::text END AS validator,
    {foreign_options("w.fdwoptions")} AS options
FROM pg_catalog.pg_foreign_data_wrapper AS w
WHERE {not_from_extension("pg_foreign_data_wrapper", "w.oid")}
""",
)
