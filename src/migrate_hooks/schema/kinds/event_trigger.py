"""Event triggers that call a function of the user's; a provider's and an extension's are theirs."""

from migrate_hooks.schema.base import ObjectKind
from migrate_hooks.schema.scope import not_from_extension

KIND = ObjectKind(
    name="event trigger",
    recorded_in=("pg_event_trigger", ""),
    identity=("trigger",),
    attributes=("event", "tags", "function", "enabled"),
    query=f"""
SELECT
    e.evtname AS trigger,
    e.evtevent AS event,
    (SELECT pg_catalog.string_agg(t.tag, ', ' ORDER BY t.tag COLLATE "C")
     FROM pg_catalog.unnest(e.evttags) AS t (tag)) AS tags,
    pg_catalog.format('%I.%I', n.name, p.proname) AS function,
    CASE e.evtenabled
        WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' ELSE 'origin'
    END AS enabled
FROM pg_catalog.pg_event_trigger AS e
JOIN pg_catalog.pg_proc AS p ON p.oid = e.evtfoid
JOIN namespace AS n ON n.oid = p.pronamespace
WHERE {not_from_extension("pg_event_trigger", "e.oid")}
""",
)
