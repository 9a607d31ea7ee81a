"""Rewrite rules, other than the one that makes a view."""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="rule",
    identity=("schema", "table", "rule"),
    table=("schema", "table"),
    attributes=("definition", "enabled"),
    query="""
SELECT
    r.schema,
    r.name AS "table",
    w.rulename AS rule,
    pg_catalog.pg_get_ruledef(w.oid) AS definition,
    CASE w.ev_enabled
        WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE 'origin'
    END AS enabled
FROM relation AS r
JOIN pg_catalog.pg_rewrite AS w ON w.ev_class = r.oid
WHERE w.rulename <> '_RETURN'
""",
)
