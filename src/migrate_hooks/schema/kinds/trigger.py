"""Triggers, also those that users put on a provider's tables (auth.users).

A trigger on a provider's table is the user's when its function is.
"""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="trigger",
    identity=("schema", "table", "trigger"),
    table=("schema", "table"),
    attributes=("definition", "enabled"),
    query="""
SELECT
    r.schema,
    r.name AS "table",
    t.tgname AS trigger,
    pg_catalog.pg_get_triggerdef(t.oid) AS definition,
    CASE t.tgenabled
        WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE 'origin'
    END AS enabled
FROM any_relation AS r
JOIN pg_catalog.pg_trigger AS t ON t.tgrelid = r.oid
JOIN pg_catalog.pg_proc AS p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgparentid = 0
  AND (NOT r.provided OR p.pronamespace IN (SELECT n.oid FROM namespace AS n))
""",
)
