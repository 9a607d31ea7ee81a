"""Who owns what, and who may do what with it: the start of the queries of owners and of grants."""

from migrate_hooks.schema.scope import ARGUMENT_TYPES, not_from_extension

IDENTITY = ("schema", "object", "part")
TABLE = ("owner_schema", "owner_table")

OWNED = f"""
SELECT n.name AS schema, NULL::name AS object, NULL::text AS part, 'n'::"char" AS type,
    CASE WHEN n.name = 'public' AND s.nspowner IN (10, 6171) THEN d.datdba ELSE s.nspowner END
        AS owner,
    s.nspacl AS acl, NULL::name AS owner_table
FROM namespace AS n
JOIN pg_catalog.pg_namespace AS s ON s.oid = n.oid
JOIN pg_catalog.pg_database AS d ON d.datname = pg_catalog.current_database()
WHERE {not_from_extension("pg_namespace", "n.oid")}
UNION ALL
SELECT r.schema, r.name, NULL, 'r', c.relowner, c.relacl, r.name
FROM relation AS r
JOIN pg_catalog.pg_class AS c ON c.oid = r.oid
UNION ALL
SELECT n.name, c.relname, NULL, 's', c.relowner, c.relacl, own.relname
FROM namespace AS n
JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relkind = 'S'
LEFT JOIN pg_catalog.pg_depend AS d
    ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
    AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype IN ('a', 'i')
LEFT JOIN pg_catalog.pg_class AS own ON own.oid = d.refobjid
WHERE d.deptype IS DISTINCT FROM 'i'
  AND (d.refobjid IS NULL OR d.refobjid IN (SELECT r.oid FROM relation AS r))
  AND {not_from_extension("pg_class", "c.oid")}
UNION ALL
SELECT n.name, p.proname, {ARGUMENT_TYPES}, 'f', p.proowner, p.proacl, NULL
FROM namespace AS n
JOIN pg_catalog.pg_proc AS p ON p.pronamespace = n.oid
WHERE {not_from_extension("pg_proc", "p.oid")} AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid
      AND d.deptype = 'i')
UNION ALL
SELECT n.name, t.typname, NULL, 'T', t.typowner, t.typacl, NULL
FROM namespace AS n
JOIN pg_catalog.pg_type AS t ON t.typnamespace = n.oid
LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
WHERE (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c')
  AND {not_from_extension("pg_type", "t.oid")}
UNION ALL
SELECT w.fdwname, NULL, NULL, 'F', w.fdwowner, w.fdwacl, NULL
FROM pg_catalog.pg_foreign_data_wrapper AS w
WHERE {not_from_extension("pg_foreign_data_wrapper", "w.oid")}
UNION ALL
SELECT s.srvname, NULL, NULL, 'S', s.srvowner, s.srvacl, NULL
FROM pg_catalog.pg_foreign_server AS s
WHERE {not_from_extension("pg_foreign_server", "s.oid")}
"""
"""Rows of (schema, object, part, type as `acldefault` knows it, owner, acl, owner_table).

Before PostgreSQL 15 schema public belonged to the role that made the cluster; it counts as the
database owner's, as it is since.
"""

OWNED_COLUMNS = """
SELECT r.schema, r.name, a.attname::text, 'c'::"char", c.relowner, a.attacl, r.name
FROM relation AS r
JOIN pg_catalog.pg_class AS c ON c.oid = r.oid
JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid
WHERE a.attacl IS NOT NULL AND a.attnum > 0 AND NOT a.attisdropped
"""
"""The same for columns that have grants of their own."""


def grantee(oid: str) -> str:
    """Return SQL for the name of a role, or PUBLIC."""
    return f"CASE {oid} WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid({oid})::text END"


PRIVILEGES = """pg_catalog.string_agg(
        g.privilege_type || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END,
        ', ' ORDER BY g.privilege_type)"""
"""SQL for the privileges among rows `g` of `aclexplode`, for one object and grantee."""


def all_or(listed: str, type_: str, owner: str) -> str:
    """Return SQL that says ALL where `listed` is all that there is on that server.

    PostgreSQL 17 brought MAINTAIN; GRANT ALL on both sides of it is no difference.
    """
    return f"""CASE WHEN pg_catalog.count(*) = (
        SELECT pg_catalog.count(*)
        FROM pg_catalog.aclexplode(pg_catalog.acldefault({type_}, {owner})) AS d
        WHERE d.grantee = {owner}) AND NOT pg_catalog.bool_or(g.is_grantable)
        THEN 'ALL' ELSE {listed} END"""
