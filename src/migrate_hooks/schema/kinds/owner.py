"""Owners. Whatever belongs to the owner of the database is the same everywhere, whoever that is."""

from migrate_hooks.schema import rights
from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="owner",
    identity=rights.IDENTITY,
    attributes=("role",),
    table=rights.TABLE,
    query=f"""
SELECT
    o.schema, o.object, o.part,
    CASE WHEN o.owner = d.datdba THEN '(owner of the database)'
        ELSE pg_catalog.pg_get_userbyid(o.owner)::text END AS role,
    CASE WHEN o.owner_table IS NOT NULL THEN o.schema END AS owner_schema,
    o.owner_table
FROM ({rights.OWNED}) AS o
JOIN pg_catalog.pg_database AS d ON d.datname = pg_catalog.current_database()
""",
)
