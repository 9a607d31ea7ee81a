"""Subscriptions, without the connection: only superusers may read it, and it holds a password.

Streaming is left out: its default is another one in every second major version.
"""

from migrate_hooks.schema.base import ObjectKind

KIND = ObjectKind(
    name="subscription",
    recorded_in=("pg_subscription", ""),
    identity=("subscription",),
    attributes=("enabled", "publications", "slot", "binary", "synchronous_commit"),
    query="""
SELECT
    s.subname AS subscription,
    s.subenabled::text AS enabled,
    (SELECT pg_catalog.string_agg(p.name, ', ' ORDER BY p.name COLLATE "C")
     FROM pg_catalog.unnest(s.subpublications) AS p (name)) AS publications,
    s.subslotname AS slot,
    s.subbinary::text AS binary,
    s.subsynccommit AS synchronous_commit
FROM pg_catalog.pg_subscription AS s
JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
WHERE d.datname = pg_catalog.current_database()
""",
)
