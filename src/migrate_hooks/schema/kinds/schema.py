"""Schemas."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="schema",
    identity=("schema",),
    query=f"""
SELECT n.name AS schema
FROM namespace AS n
WHERE {not_from_extension("pg_namespace", "n.oid")}
""",
)
