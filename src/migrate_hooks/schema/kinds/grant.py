"""What roles other than the owner may do with an object, and what an owner may not.

An object without an access list has the default one, so both ways to say the same are the same.
Only functions and types grant others anything by default: nothing else is asked without a list.
Grants of columns have the column as their part. An owner is called so, whoever that is. Who granted
is not compared, nor what schema public came with: its owner was another before PostgreSQL 15, and
PUBLIC could create there.
"""

from migrate_hooks.schema import rights
from migrate_hooks.schema.base import ObjectKind

_TYPE = "CASE o.type WHEN 'c' THEN 'r' ELSE o.type END"
_ALL = rights.all_or(rights.PRIVILEGES, _TYPE, "o.owner")


def _query(counted: str) -> str:
    return f"""
WITH owned AS ({rights.OWNED} UNION ALL {rights.OWNED_COLUMNS}),
granted AS (
    SELECT o.schema, o.object, o.part, o.owner_table, o.type, o.owner, g.grantee,
        {_ALL} AS privileges
    FROM owned AS o
    CROSS JOIN LATERAL pg_catalog.aclexplode(
        COALESCE(o.acl, pg_catalog.acldefault(o.type, o.owner))) AS g
    WHERE (o.acl IS NOT NULL OR o.type IN ('f', 'T')) AND {counted}
    GROUP BY o.schema, o.object, o.part, o.owner_table, o.type, o.owner, g.grantee
)
SELECT
    g.schema, g.object, g.part,
    CASE WHEN g.grantee = g.owner THEN '(owner)' ELSE {rights.grantee("g.grantee")} END AS grantee,
    g.privileges,
    CASE WHEN g.owner_table IS NOT NULL THEN g.schema END AS owner_schema,
    g.owner_table
FROM granted AS g
WHERE (g.grantee <> g.owner OR g.privileges <> 'ALL')
  AND NOT (g.type = 'n' AND g.schema = 'public' AND g.grantee IN (10, 6171, g.owner))
"""


KIND = ObjectKind(
    name="grant",
    identity=(*rights.IDENTITY, "grantee"),
    attributes=("privileges",),
    table=rights.TABLE,
    query=_query(
        "NOT (o.type = 'n' AND o.schema = 'public' AND g.grantee = 0"
        " AND g.privilege_type = 'CREATE')"
    ),
    newer=((150000, _query("true")),),
)
