"""Default privileges: what a role's new objects will grant, everywhere or in one schema."""

from migrate_hooks.schema import rights
from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="default privilege",
    recorded_in=("pg_default_acl", ""),
    identity=("schema", "role", "objects", "grantee"),
    attributes=("privileges",),
    query=f"""
SELECT
    n.name AS schema,
    pg_catalog.pg_get_userbyid(a.defaclrole) AS role,
    CASE a.defaclobjtype
        WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
        WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE a.defaclobjtype::text
    END AS objects,
    {rights.grantee("g.grantee")} AS grantee,
    {
        rights.all_or(
            rights.PRIVILEGES,
            "CASE a.defaclobjtype WHEN 'S' THEN 's' ELSE a.defaclobjtype END",
            "a.defaclrole",
        )
    } AS privileges
FROM pg_catalog.pg_default_acl AS a
LEFT JOIN namespace AS n ON n.oid = a.defaclnamespace
CROSS JOIN LATERAL pg_catalog.aclexplode(a.defaclacl) AS g
WHERE a.defaclnamespace = 0 OR n.oid IS NOT NULL
GROUP BY n.name, a.defaclrole, a.defaclobjtype, g.grantee
""",
)
