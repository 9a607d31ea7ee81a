"""What stands in the way of changing or dropping an object: whatever is built on it."""

from collections.abc import Iterator

from migrate_hooks.outside.postgres import Session
from migrate_hooks.schema.remedy import Key
from migrate_hooks.schema.scope import ARGUMENT_TYPES

_ARGUMENTS = ARGUMENT_TYPES.replace("%", "%%")

# From an object (for a column: only what uses that column) to all that must go before it can.
_QUERY = f"""
WITH RECURSIVE root AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass AS class, c.oid,
        COALESCE((
            SELECT a.attnum FROM pg_catalog.pg_attribute AS a
            WHERE a.attrelid = c.oid AND %s = 'column' AND a.attname = %s
        ), 0)::int AS part
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relname = %s
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, t.oid, 0
    FROM pg_catalog.pg_type AS t
    JOIN pg_catalog.pg_namespace AS n ON n.oid = t.typnamespace
    WHERE n.nspname = %s AND t.typname = %s
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, p.oid, 0
    FROM pg_catalog.pg_proc AS p
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    WHERE n.nspname = %s AND p.proname = %s
),
above (class, oid, part) AS (
    SELECT class, oid, part FROM root
    UNION
    SELECT
        CASE WHEN w.oid IS NOT NULL THEN 'pg_catalog.pg_class'::pg_catalog.regclass
            ELSE d.classid::pg_catalog.regclass END,
        COALESCE(w.ev_class, d.objid), 0
    FROM above AS a
    JOIN pg_catalog.pg_depend AS d ON d.refclassid = a.class AND d.refobjid = a.oid
        AND (a.part = 0 OR d.refobjsubid = a.part) AND d.deptype IN ('n', 'a')
    LEFT JOIN pg_catalog.pg_rewrite AS w
        ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND w.oid = d.objid
        AND w.rulename = '_RETURN'
    WHERE d.classid IN (
        'pg_catalog.pg_rewrite'::pg_catalog.regclass, 'pg_catalog.pg_policy'::pg_catalog.regclass,
        'pg_catalog.pg_trigger'::pg_catalog.regclass, 'pg_catalog.pg_proc'::pg_catalog.regclass)
)
SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
    n.nspname::text, c.relname::text, NULL::text
FROM above AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.oid AND c.relkind IN ('v', 'm')
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE a.class = 'pg_catalog.pg_class'::pg_catalog.regclass
UNION ALL
SELECT 'rule', n.nspname, c.relname, w.rulename
FROM above AS a
JOIN pg_catalog.pg_rewrite AS w ON w.oid = a.oid
JOIN pg_catalog.pg_class AS c ON c.oid = w.ev_class
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE a.class = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
UNION ALL
SELECT 'policy', n.nspname, c.relname, p.polname
FROM above AS a
JOIN pg_catalog.pg_policy AS p ON p.oid = a.oid
JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE a.class = 'pg_catalog.pg_policy'::pg_catalog.regclass
UNION ALL
SELECT 'trigger', n.nspname, c.relname, t.tgname
FROM above AS a
JOIN pg_catalog.pg_trigger AS t ON t.oid = a.oid AND NOT t.tgisinternal
JOIN pg_catalog.pg_class AS c ON c.oid = t.tgrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE a.class = 'pg_catalog.pg_trigger'::pg_catalog.regclass
UNION ALL
SELECT 'function', n.nspname, p.proname, {_ARGUMENTS}
FROM above AS a
JOIN pg_catalog.pg_proc AS p ON p.oid = a.oid
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE a.class = 'pg_catalog.pg_proc'::pg_catalog.regclass
"""


def of(session: Session, key: Key) -> Iterator[Key]:
    """Yield the views, rules, policies, triggers and functions that use an object.

    Others of its name may be among them, and what uses those: a table has a type of its name.
    """
    kind, identity = key
    if len(identity) < 2:
        return
    name = identity[:2]
    part = identity[2] if kind == "column" else ""
    for row in session.rows(_QUERY, [kind, part, *name, *name, *name]):
        found = (str(row[0]), tuple(str(each) for each in row[1:] if each is not None))
        if found != key:
            yield found
