"""Our own tables beside any ledger, in schema migrate_hooks: identity, history and progress.

They come into being with the first change and are never needed to read a ledger's state. All SQL
names its types and tables in full, because a search path belongs to strangers.
"""

from collections.abc import Sequence

from migrate_hooks.model.books import Deed, Identity, Progress, Standing
from migrate_hooks.outside.postgres import Query, Session

SCHEMA = "migrate_hooks"

_CREATE = (
    """
CREATE TABLE IF NOT EXISTS migrate_hooks.identity (
    only_row pg_catalog.bool PRIMARY KEY DEFAULT true CHECK (only_row),
    system_identifier pg_catalog.text,
    database pg_catalog.text NOT NULL,
    environment pg_catalog.text NOT NULL,
    recorded_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    recorded_by pg_catalog.text
)""",
    """
CREATE TABLE IF NOT EXISTS migrate_hooks.history (
    id pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    action pg_catalog.text NOT NULL,
    version pg_catalog.text,
    name pg_catalog.text,
    checksum pg_catalog.text,
    run_id pg_catalog.text,
    transaction_id pg_catalog.text,
    git_commit pg_catalog.text,
    who pg_catalog.text,
    duration_ms pg_catalog.int8,
    outcome pg_catalog.text NOT NULL,
    note pg_catalog.text
)""",
    """
CREATE TABLE IF NOT EXISTS migrate_hooks.progress (
    version pg_catalog.text NOT NULL,
    direction pg_catalog.text NOT NULL,
    checksum pg_catalog.text NOT NULL,
    statements_done pg_catalog.int4 NOT NULL,
    running pg_catalog.bool NOT NULL,
    run_id pg_catalog.text,
    updated_at pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp(),
    PRIMARY KEY (version, direction)
)""",
)
# How many of our tables there are, how many this role may use, whether it may make the rest.
_STANDING = """
WITH ours AS (
    SELECT class.oid, namespace.oid AS schema_oid
    FROM pg_catalog.pg_class AS class
    JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
    WHERE namespace.nspname = 'migrate_hooks'
    AND class.relname IN ('identity', 'history', 'progress')
)
SELECT pg_catalog.count(*), pg_catalog.count(*) FILTER (WHERE
    pg_catalog.has_schema_privilege(schema_oid, 'USAGE')
    AND pg_catalog.has_table_privilege(oid, 'SELECT')
    AND pg_catalog.has_table_privilege(oid, 'INSERT')
    AND pg_catalog.has_table_privilege(oid, 'UPDATE')
    AND pg_catalog.has_table_privilege(oid, 'DELETE')),
    CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = 'migrate_hooks')
    THEN pg_catalog.has_schema_privilege('migrate_hooks', 'CREATE')
    ELSE pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE') END
FROM ours
"""
_IDENTITY = """
SELECT system_identifier, database, environment, recorded_at::pg_catalog.text,
    coalesce(recorded_by, 'somebody')
FROM migrate_hooks.identity
"""
_HERE = """
SELECT CASE WHEN pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')
THEN (SELECT system_identifier::pg_catalog.text FROM pg_catalog.pg_control_system()) END,
pg_catalog.current_database()::pg_catalog.text
"""
_TABLES = 3


def standing(session: Session) -> Standing:
    """Return whether this role can write our tables, or make them."""
    found, usable, creatable = session.apart((_STANDING, ()))[0][0]
    if found == _TABLES:
        return Standing.READY if usable == _TABLES else Standing.DENIED
    return Standing.MISSING if creatable and usable == found else Standing.DENIED


def create(session: Session) -> None:
    """Make what is missing of our tables."""
    # CREATE SCHEMA IF NOT EXISTS would ask for a right on the database even where it does nothing.
    if not session.rows("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'migrate_hooks'"):
        session.run("CREATE SCHEMA migrate_hooks")
    session.batch(*((sql, ()) for sql in _CREATE))


def identities(session: Session, known: Standing) -> tuple[Identity, Identity | None]:
    """Return what this database is, and what it was recorded as, if it was."""
    queries = [(_HERE, ()), (_IDENTITY, ())] if known is Standing.READY else [(_HERE, ())]
    found = session.apart(*queries)
    here = Identity(*found[0][0])
    return here, Identity(*found[1][0]) if found[1:] and found[1] else None


_IDENTIFY = """
INSERT INTO migrate_hooks.identity (system_identifier, database, environment, recorded_by)
VALUES (%s, %s, %s, %s)
"""


def others(environment: str) -> Query:
    """Return what asks whether this database is recorded as another environment's."""
    sql = (
        "SELECT environment FROM migrate_hooks.identity "
        "WHERE environment OPERATOR(pg_catalog.<>) %s"
    )
    return sql, (environment,)


def identify(here: Identity, environment: str, who: str) -> Sequence[Query]:
    """Return the statements that record this database as that environment's."""
    values = (here.system_identifier, here.database, environment, who)
    return ("DELETE FROM migrate_hooks.identity", ()), (_IDENTIFY, values)


_DEED = """
INSERT INTO migrate_hooks.history (action, outcome, version, name, checksum, run_id, transaction_id,
    git_commit, who, duration_ms, note)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def write_down(deed: Deed) -> Query:
    """Return the statement that adds a line to the history."""
    return _DEED, (
        deed.action,
        deed.outcome,
        deed.version,
        deed.name,
        deed.checksum,
        deed.run_id,
        deed.transaction_id,
        deed.git_commit,
        deed.who,
        deed.duration_ms,
        deed.note,
    )


_KNOWN = """
SELECT checksum, statements_done, running FROM migrate_hooks.progress
WHERE version = %s AND direction = %s
"""


def progress(session: Session, version: str, direction: str) -> Progress | None:
    """Return how far that half of that version came before, if it was begun and not ended."""
    (rows,) = session.apart((_KNOWN, (version, direction)))
    return Progress(*rows[0]) if rows else None


_PROGRESS = """
INSERT INTO migrate_hooks.progress (version, direction, checksum, statements_done, running, run_id)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (version, direction) DO UPDATE SET checksum = excluded.checksum,
    statements_done = excluded.statements_done, running = excluded.running,
    run_id = excluded.run_id, updated_at = pg_catalog.clock_timestamp()
"""


def keep(version: str, direction: str, found: Progress, run_id: str) -> Query:
    """Return the statement that remembers how far it came."""
    values = (found.checksum, found.statements_done, found.running, run_id)
    return _PROGRESS, (version, direction, *values)


def drop(version: str, direction: str) -> Query:
    """Return the statement that forgets it: the whole half is done."""
    sql = "DELETE FROM migrate_hooks.progress WHERE version = %s AND direction = %s"
    return sql, (version, direction)
