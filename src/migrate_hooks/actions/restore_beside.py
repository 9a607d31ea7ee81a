"""Filling a new database beside the old one, and letting the two change names.

Until the two names change, in one transaction, nothing that anybody uses is touched. The old
database stays under another name: nothing here ever drops it.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from migrate_hooks.actions import backup, backup_compare
from migrate_hooks.actions.backup import Say
from migrate_hooks.actions.restore_plan import Standing
from migrate_hooks.errors import (
    BackupFailed,
    ConnectionLost,
    Failure,
    QueryFailed,
    Unreachable,
    UnsupportedServer,
)
from migrate_hooks.ledgers.base import quoted
from migrate_hooks.model.backup import Backup
from migrate_hooks.model.environment import Target

if TYPE_CHECKING:
    from migrate_hooks.outside.postgres import Session

_ELSEWHERE = ("postgres", "template1", "defaultdb")
_SHOWN = 5
_ATTEMPTS = 5
_IN_USE = "55006"

# The new database takes after the old one in everything that can only be said at its creation.
_CREATE = """
SELECT pg_catalog.concat_ws(' ',
    pg_catalog.format(
        'CREATE DATABASE %%I OWNER %%I TEMPLATE template0 ENCODING %%L LC_COLLATE %%L LC_CTYPE %%L',
        %s::text, owner.rolname, pg_catalog.pg_encoding_to_char(old.encoding),
        old.datcollate, old.datctype),
    CASE said ->> 'datlocprovider'
        WHEN 'i' THEN pg_catalog.format('LOCALE_PROVIDER icu ICU_LOCALE %%L',
            coalesce(said ->> 'datlocale', said ->> 'daticulocale'))
        WHEN 'b' THEN pg_catalog.format('LOCALE_PROVIDER builtin BUILTIN_LOCALE %%L',
            said ->> 'datlocale')
    END,
    CASE WHEN said ->> 'daticurules' IS NOT NULL
        THEN pg_catalog.format('ICU_RULES %%L', said ->> 'daticurules') END,
    CASE WHEN place.spcname <> 'pg_default'
        THEN pg_catalog.format('TABLESPACE %%I', place.spcname) END)
FROM pg_catalog.pg_database AS old
JOIN pg_catalog.pg_roles AS owner ON owner.oid = old.datdba
JOIN pg_catalog.pg_tablespace AS place ON place.oid = old.dattablespace,
LATERAL pg_catalog.to_jsonb(old) AS said
WHERE old.datname = %s
"""
# What can be said later: comment, limit and grants. Settings are carried over one by one.
_PROPERTIES = """
WITH names AS (SELECT %s::text AS old, %s::text AS new),
old AS (
    SELECT known.*, names.new
    FROM pg_catalog.pg_database AS known JOIN names ON known.datname = names.old
)
SELECT pg_catalog.format('COMMENT ON DATABASE %%I IS %%L', new, said)
FROM old, LATERAL pg_catalog.shobj_description(old.oid, 'pg_database') AS said
WHERE said IS NOT NULL
UNION ALL
SELECT pg_catalog.format('ALTER DATABASE %%I CONNECTION LIMIT %%s', new, datconnlimit)
FROM old WHERE datconnlimit >= 0
UNION ALL
SELECT pg_catalog.format('REVOKE ALL ON DATABASE %%I FROM PUBLIC', new)
FROM old WHERE datacl IS NOT NULL
UNION ALL
SELECT pg_catalog.format('GRANT %%s ON DATABASE %%I TO %%s%%s', given.privilege_type, new,
    CASE WHEN given.grantee = 0 THEN 'PUBLIC'
         ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(given.grantee)) END,
    CASE WHEN given.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
FROM old, LATERAL pg_catalog.aclexplode(old.datacl) AS given
"""
_SETTINGS = """
WITH names AS (SELECT %s::text AS old, %s::text AS new),
settings AS (
    SELECT names.new, role.rolname,
        pg_catalog.split_part(setting, '=', 1) AS name,
        pg_catalog.substr(setting, pg_catalog.strpos(setting, '=') + 1) AS value
    FROM names
    JOIN pg_catalog.pg_database AS old ON old.datname = names.old
    JOIN pg_catalog.pg_db_role_setting AS kept ON kept.setdatabase = old.oid
    LEFT JOIN pg_catalog.pg_roles AS role ON role.oid = kept.setrole,
    LATERAL pg_catalog.unnest(kept.setconfig) AS setting
)
SELECT name, value, pg_catalog.format('ALTER %%s SET %%s FROM CURRENT',
    CASE WHEN rolname IS NULL THEN pg_catalog.format('DATABASE %%I', new)
         ELSE pg_catalog.format('ROLE %%I IN DATABASE %%I', rolname, new) END,
    (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(part), '.')
     FROM pg_catalog.unnest(pg_catalog.string_to_array(name, '.')) AS part))
FROM settings
"""
_END_OTHERS = """
SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE datname = %s AND coalesce(backend_type, 'client backend') = 'client backend'
"""
_RENAME = """
WITH names AS (SELECT %s::text AS old, %s::text AS kept, %s::text AS new)
SELECT pg_catalog.format(
    'BEGIN; SET LOCAL lock_timeout = ''10s''; ALTER DATABASE %%I RENAME TO %%I; '
    'ALTER DATABASE %%I RENAME TO %%I', old, kept, new, old)
FROM names
"""
_EXISTS = "SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = %s)"


class Swap(StrEnum):
    """How the change of names ended."""

    DONE = "done"
    NOT_DONE = "not done"
    UNKNOWN = "unknown"


@contextmanager
def elsewhere(target: Target) -> "Iterator[Session]":
    """Yield a session on another database of the same server, from which this one can be renamed.

    Raises UnsupportedServer when there is none that the role may enter.
    """
    with ExitStack() as opened:
        yield _first(opened, target)


def _first(opened: ExitStack, target: Target) -> "Session":
    from migrate_hooks.outside import postgres

    for name in _ELSEWHERE:
        if name != target.database:
            with suppress(Unreachable):
                session = opened.enter_context(postgres.session(at(target, name)))
                # Anybody may have put operators and functions of the same names into public there.
                session.run("SET search_path = ''")
                return session
    raise UnsupportedServer(
        f"The role of {target.source} may enter no other database of the server "
        f"({', '.join(_ELSEWHERE)}), and a database cannot be renamed from inside.",
        "GRANT CONNECT ON DATABASE postgres to it, then run the command again.",
    )


def at(target: Target, database: str) -> Target:
    """Return the same server and role, and another database of it."""
    parameters = {**target.parameters, "dbname": database}
    return replace(target, parameters=parameters, database=database)


def fill(target: Target, standing: Standing, source: Backup, say: Say) -> str:
    """Make the new database and restore into it; return a sentence about what was compared.

    Raises BackupFailed when anything at all went wrong, and then the new database is gone again.
    """
    say(f"Restoring into {standing.beside}, beside {standing.database}")
    with elsewhere(target) as admin:
        admin.run(admin.value(_CREATE, [standing.beside, standing.database]))
    try:
        note = _restore(at(target, standing.beside), source, say)
        with elsewhere(target) as admin:
            _take_after(admin, standing, say)
    except QueryFailed as refused:
        drop(target, standing)
        raise BackupFailed(f"{_unchanged(target)} {refused.message}", refused.hint) from None
    except BaseException:
        drop(target, standing)
        raise
    return note


def _unchanged(target: Target) -> str:
    return f"{target.environment} is as it was: the restore did not succeed."


def _restore(fresh: Target, source: Backup, say: Say) -> str:
    from migrate_hooks.outside import pg_dump, pg_tools, postgres

    with postgres.session(fresh) as session:
        client = pg_tools.client(source.client_major, tls=backup.needs_tls(session))

        def tell() -> None:
            say("Still restoring")

        errors = pg_dump.restore(client, session, source.archive, tell)
        if errors:
            raise _failed(fresh, errors)
        say("Comparing it with the backup's manifest")
        compared = backup_compare.run(source, session, "the restored database")
        wrong = [one.message for one in (*compared.schema, *compared.rows)]
        if wrong:
            raise _failed(fresh, wrong)
        for finding in compared.wordings:
            say(f"Worded in another way by this server: {finding.message}")
        say("Gathering statistics (ANALYZE)")
        session.run("ANALYZE")
    return " ".join(compared.notes)


def _failed(target: Target, wrong: Sequence[str]) -> BackupFailed:
    more = len(wrong) - _SHOWN
    return BackupFailed(
        f"{_unchanged(target)} {'; '.join(wrong[:_SHOWN])}"
        + (f"; {more} more." if more > 0 else ""),
        "Mend on the server what the statements miss (roles, extensions, privileges), then run the "
        "command again.",
    )


def _take_after(admin: "Session", standing: Standing, say: Say) -> None:
    """Give the new database what no archive holds: the old one's grants, comment and settings.

    A setting's value is set here and stored from here, so that nobody has to guess how it is
    quoted; with the transaction it is gone again, as it may make our own session read-only.
    """
    names = [standing.database, standing.beside]
    for (statement,) in admin.rows(_PROPERTIES, names):
        admin.run(statement)
    for name, value, statement in admin.rows(_SETTINGS, names):
        try:
            admin.run("BEGIN READ WRITE")
            admin.rows("SELECT pg_catalog.set_config(%s, %s, true)", [name, value])
            admin.run(statement)
            admin.run("COMMIT")
        except QueryFailed as refused:
            admin.roll_back_quietly()
            say(f"NOT carried over: the database's own setting {name} ({refused.message})")


def drop(target: Target, standing: Standing) -> None:
    """Drop the new database, which nobody uses yet; where that fails it only takes room."""
    with suppress(Failure), elsewhere(target) as admin:
        admin.run(f"DROP DATABASE IF EXISTS {quoted(standing.beside)} WITH (FORCE)")


def swap(target: Target, standing: Standing, *, disconnect: bool) -> Swap:
    """Let the databases change names in one transaction.

    Raises BackupFailed when they may not. Unless it is done, or that is not known, the new database
    is gone afterwards.
    """
    try:
        with elsewhere(target) as admin:
            _rename(admin, standing, disconnect=disconnect)
    except QueryFailed as refused:
        drop(target, standing)
        raise _not_renamed(target, refused) from None
    except (ConnectionLost, KeyboardInterrupt):
        ended = _what_happened(target, standing)
        if ended is Swap.NOT_DONE:
            # Where the server is still at our COMMIT the drop waits for it, and finds nothing.
            drop(target, standing)
            ended = _what_happened(target, standing)
        return ended
    except BaseException:
        drop(target, standing)
        raise
    return Swap.DONE


def _rename(admin: "Session", standing: Standing, *, disconnect: bool) -> None:
    rename = admin.value(_RENAME, [standing.database, standing.kept, standing.beside])
    for left in range(_ATTEMPTS if disconnect else 1, 0, -1):
        try:
            if disconnect:
                admin.rows(_END_OTHERS, [standing.database])
            admin.run(rename)
            admin.run("COMMIT")
        except QueryFailed as refused:
            admin.roll_back_quietly()
            if left == 1 or refused.sqlstate != _IN_USE:
                raise
        else:
            return


def _not_renamed(target: Target, refused: QueryFailed) -> BackupFailed:
    hint = refused.hint
    if refused.sqlstate == _IN_USE:
        hint = "Stop whatever connects to it, or end the connections with --allow disconnect."
    return BackupFailed(f"{_unchanged(target)} {refused.message}", hint)


def _what_happened(target: Target, standing: Standing) -> Swap:
    """Learn over a new connection whether the names were changed before ours broke."""
    try:
        with elsewhere(target) as admin:
            return Swap.DONE if admin.value(_EXISTS, [standing.kept]) else Swap.NOT_DONE
    except Failure:
        return Swap.UNKNOWN
