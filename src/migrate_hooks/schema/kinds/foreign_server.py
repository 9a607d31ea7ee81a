"""Foreign servers; of an option that may hold a secret only the name."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import foreign_options, not_from_extension

KIND = ObjectKind(
    name="foreign server",
    recorded_in=("pg_foreign_server", ""),
    identity=("server",),
    attributes=("wrapper", "type", "version", "options"),
    query=f"""
SELECT
    s.srvname AS server,
    w.fdwname AS wrapper,
    s.srvtype AS type,
    s.srvversion AS version,
    {foreign_options("s.srvoptions")} AS options
FROM pg_catalog.pg_foreign_server AS s
JOIN pg_catalog.pg_foreign_data_wrapper AS w ON w.oid = s.srvfdw
WHERE {not_from_extension("pg_foreign_server", "s.oid")}
""",
)
