"""Extensions; what they contain is theirs."""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="extension",
    identity=("extension",),
    attributes=("version", "installed_in"),
    query="""
SELECT e.extname AS extension, e.extversion AS version, n.nspname AS installed_in
FROM pg_catalog.pg_extension AS e
JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace
""",
)
