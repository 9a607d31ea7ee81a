"""Our own tables, for somebody who may only read: what was begun, and whose database it is."""

from migrate_hooks.ledgers.bookkeeping import identities
from migrate_hooks.model.books import Books, Progress, Standing, Unfinished
from migrate_hooks.outside.postgres import Query, Session

# Each of them: None where it is not there, else whether this role may read it.
_READABLE = """
SELECT wanted.name, (
    SELECT pg_catalog.has_schema_privilege(namespace.oid, 'USAGE')
        AND pg_catalog.has_table_privilege(class.oid, 'SELECT')
    FROM pg_catalog.pg_class AS class
    JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
    WHERE namespace.nspname = 'migrate_hooks' AND class.relname = wanted.name
)
FROM pg_catalog.unnest(ARRAY['identity', 'progress']) AS wanted (name)
"""
UNFINISHED: Query = (
    """
SELECT version, direction, checksum, statements_done, running, updated_at::pg_catalog.text,
    coalesce(run_id, '')
FROM migrate_hooks.progress ORDER BY version, direction
""",
    (),
)
"""Asks for what was begun; the tables must be there."""

RECORDED: Query = (
    "SELECT system_identifier, database, environment FROM migrate_hooks.identity",
    (),
)
"""Asks for what was recorded; the table must be there."""


def read(session: Session) -> Books:
    """Read them in transactions of their own; what is not there says nothing."""
    readable = dict(session.apart((_READABLE, ()))[0])
    standing = Standing.READY if readable["identity"] else Standing.MISSING
    here, recorded = identities(session, standing)
    rows = session.apart(UNFINISHED)[0] if readable["progress"] else []
    denied = tuple(name for name, may in readable.items() if may is False)
    return Books(here, recorded, unfinished(rows), denied)


def begun(session: Session) -> tuple[Unfinished, ...]:
    """Return what was begun and not ended; nothing where this role may not know."""
    readable = dict(session.apart((_READABLE, ()))[0])
    return unfinished(session.apart(UNFINISHED)[0]) if readable["progress"] else ()


def unfinished(rows: list[tuple[str, str, str, int, bool, str, str]]) -> tuple[Unfinished, ...]:
    """Return the rows that UNFINISHED asked for as values."""
    return tuple(Unfinished(row[0], row[1], Progress(*row[2:5]), *row[5:]) for row in rows)
