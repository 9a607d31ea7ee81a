"""What another session keeps locked, so that its definition cannot be read now, and what can be."""

from dataclasses import dataclass

from migrate_hooks.outside.postgres import Session

# A view's text is made from what it reads, so a locked table keeps the views on it from being read.
_LOCKED = """
WITH locked AS (
    SELECT l.relation AS oid
    FROM pg_catalog.pg_locks AS l
    JOIN pg_catalog.pg_database AS d ON d.oid OPERATOR(pg_catalog.=) l.database
    WHERE l.locktype OPERATOR(pg_catalog.=) 'relation'
      AND l.mode OPERATOR(pg_catalog.=) 'AccessExclusiveLock' AND l.granted
      AND l.pid OPERATOR(pg_catalog.<>) pg_catalog.pg_backend_pid()
      AND d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
),
barred AS (
    SELECT oid FROM locked
    UNION
    SELECT i.indrelid FROM pg_catalog.pg_index AS i JOIN locked ON locked.oid = i.indexrelid
    UNION
    SELECT r.ev_class
    FROM pg_catalog.pg_depend AS d
    JOIN pg_catalog.pg_rewrite AS r ON r.oid = d.objid
    JOIN locked ON locked.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
)
SELECT c.oid::text, n.nspname::text, c.relname::text, c.relkind::text
FROM barred
JOIN pg_catalog.pg_class AS c ON c.oid = barred.oid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND n.nspname !~ '^pg_'
ORDER BY 2, 3
"""

_OF_ONE_KIND = {"view": "v", "materialized view": "m"}


@dataclass(frozen=True, slots=True)
class Locked:
    """A table or view that cannot be read now; `kind` is as pg_class has it."""

    oid: int
    name: tuple[str, str]
    kind: str


def locked(session: Session) -> tuple[Locked, ...]:
    """Return the tables and views that others keep from being read; needs no privilege."""
    rows = session.rows(_LOCKED)
    return tuple(Locked(int(oid), (schema, name), kind) for oid, schema, name, kind in rows)


def of_kind(kind: str, found: tuple[Locked, ...]) -> tuple[tuple[str, str], ...]:
    """Return the names of those of which a `kind` was not read."""
    wanted = _OF_ONE_KIND.get(kind)
    return tuple(
        one.name
        for one in found
        if (wanted == one.kind if wanted else one.kind not in _OF_ONE_KIND.values())
    )
