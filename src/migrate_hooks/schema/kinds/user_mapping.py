"""User mappings, by server and role: their options are for few roles to read, and often secret."""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="user mapping",
    recorded_in=("pg_user_mappings", ""),
    identity=("server", "role"),
    query="""
SELECT m.srvname AS server, m.usename AS role
FROM pg_catalog.pg_user_mappings AS m
""",
)
