"""Policies, also those that users put on a provider's tables (storage.objects)."""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="policy",
    recorded_in=("pg_policy", ""),
    identity=("schema", "table", "policy"),
    table=("schema", "table"),
    attributes=("command", "permissive", "roles", "using", "check"),
    query="""
SELECT
    r.schema,
    r.name AS "table",
    p.polname AS policy,
    CASE p.polcmd
        WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
        WHEN 'd' THEN 'delete' ELSE 'all'
    END AS command,
    p.polpermissive::text AS permissive,
    (
        SELECT pg_catalog.string_agg(role.name, ', ' ORDER BY role.name COLLATE "C")
        FROM pg_catalog.unnest(p.polroles) AS member (oid)
        CROSS JOIN LATERAL (
            SELECT CASE member.oid WHEN 0 THEN 'public'
                ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(member.oid)) END
        ) AS role (name)
    ) AS roles,
    pg_catalog.pg_get_expr(p.polqual, r.oid) AS "using",
    pg_catalog.pg_get_expr(p.polwithcheck, r.oid) AS "check"
FROM any_relation AS r
JOIN pg_catalog.pg_policy AS p ON p.polrelid = r.oid
""",
)
