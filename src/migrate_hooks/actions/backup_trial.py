"""A backup restored on trial, into a scratch database of the embedded server.

A scratch server lacks what belongs to an installation and not to a database (extensions,
collations). What depends on them is not checked, which is said, and never taken for good.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from os import getpid
from typing import TYPE_CHECKING

from migrate_hooks.actions import backup_compare
from migrate_hooks.actions.backup import Say
from migrate_hooks.errors import Failure, ToolMissing
from migrate_hooks.model.backup import Backup
from migrate_hooks.model.environment import Target
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity

if TYPE_CHECKING:
    from migrate_hooks.outside.embedded import Server
    from migrate_hooks.outside.postgres import Session

WHERE = "the scratch server"
_SHOWN = 10
_OF_AN_INSTALLATION = ("is not available", "collation", "control file", "$libdir", "access method")

_MISSING_ROLES = """
SELECT pg_catalog.quote_ident(wanted) FROM pg_catalog.unnest(%s::text[]) AS wanted
WHERE wanted NOT IN (SELECT rolname::text FROM pg_catalog.pg_roles)
"""
_MISSING_EXTENSIONS = """
SELECT wanted FROM pg_catalog.unnest(%s::text[]) AS wanted
WHERE wanted NOT IN (SELECT name::text FROM pg_catalog.pg_available_extensions)
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a trial showed; `unchecked` when part of it could not be judged."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    unchecked: bool = False

    @property
    def proves(self) -> bool:
        """Whether the backup is proved to be one: all was compared, and nothing is wrong."""
        wrong = any(one.severity is Severity.CRITICAL for one in self.findings)
        return not (wrong or self.unchecked)


def run(backup: Backup, say: Say) -> Trial:
    """Restore a backup that is whole, and compare; raises ToolMissing and Unreachable."""
    from migrate_hooks.outside import pg_dump, pg_tools

    client = pg_tools.client(backup.client_major, tls=False)
    with _scratch(backup) as session:
        lacking = _lacking(session, backup)
        say(f"Restoring on trial, PostgreSQL {session.version // 10_000}")

        def tell() -> None:
            say("Still restoring")

        errors = pg_dump.restore(client, session, backup.archive, tell, owners=False)
        compared = backup_compare.run(backup, session, WHERE, owners=False)
    foreign = any(sign in one for one in errors for sign in _OF_AN_INSTALLATION)
    if lacking or foreign:
        return _partly_judged(backup, lacking, errors, compared)
    findings = (
        *_failures(backup, errors),
        *compared.schema,
        *compared.rows,
        *compared.wordings,
    )
    return Trial(findings, compared.notes, compared.unchecked)


def _lacking(session: "Session", backup: Backup) -> tuple[str, ...]:
    wanted = list(backup.contents.extensions)
    return tuple(row[0] for row in session.rows(_MISSING_EXTENSIONS, [wanted]))


def _partly_judged(
    backup: Backup,
    lacking: Sequence[str],
    errors: Sequence[str],
    compared: backup_compare.Comparison,
) -> Trial:
    """Return what a server that lacks something can tell: rows that came back wrong are wrong."""
    what = f"extension {', '.join(lacking)}" if lacking else "something that the backup needs"
    finding = Finding(
        "backup/not-checked",
        Severity.WARNING,
        f"NOT CHECKED as a whole: the scratch server lacks {what}, so {len(errors)} statements of "
        f"the archive failed there and {len(compared.schema)} objects differ.",
        _place(backup),
        "Name a folder of PostgreSQL's programs that has it in MIGRATE_HOOKS_PG_BINDIR, or restore "
        "into a server of your own to be sure.",
    )
    mild = [replace(one, severity=Severity.WARNING) for one in _failures(backup, errors)]
    return Trial((finding, *mild, *compared.rows), compared.notes, unchecked=True)


def _failures(backup: Backup, errors: Sequence[str]) -> Iterator[Finding]:
    for one in errors[:_SHOWN]:
        yield Finding(
            "backup/restore-failed",
            Severity.CRITICAL,
            f"A statement of the archive failed on {WHERE}: {one}",
            _place(backup),
        )
    if len(errors) > _SHOWN:
        rest = f"{len(errors) - _SHOWN} more statements failed."
        yield Finding("backup/restore-failed", Severity.CRITICAL, rest, _place(backup))


def _place(backup: Backup) -> ObjectPlace:
    return ObjectPlace(backup.environment, "backup", backup.archive.name)


@contextmanager
def _scratch(backup: Backup) -> "Iterator[Session]":
    """Yield a session in an empty database with the backup's roles; all of it is gone afterwards.

    Policies name roles, so they have to be there, if only by name.
    """
    from migrate_hooks.outside import embedded, postgres

    server = embedded.ensure(_major(backup.contents.server_major))
    name = f"trial_{getpid()}_{backup.sha256[:8]}"
    with postgres.session(_target(server, "postgres")) as admin:
        roles = [row[0] for row in admin.rows(_MISSING_ROLES, [list(backup.contents.roles)])]
        try:
            admin.run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
            for role in roles:
                _quietly(admin, f"CREATE ROLE {role} NOLOGIN")
            with postgres.session(_target(server, name)) as session:
                yield session
        finally:
            _quietly(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            for role in roles:
                _quietly(admin, f"DROP ROLE IF EXISTS {role}")


def _quietly(session: "Session", sql: str) -> None:
    # Another trial may have made the same role meanwhile, or still need it.
    with suppress(Failure):
        session.run(sql)


def _major(wanted: int) -> int:
    """Return the major version of the nearest server here that can take a backup of `wanted`."""
    from migrate_hooks.outside import pg_tools

    fit = [one.major for one in pg_tools.installations() if one.major >= wanted]
    if not fit:
        raise ToolMissing(
            f"A trial takes a PostgreSQL server {wanted} or newer on this machine, and there is "
            "none.",
            f"Install PostgreSQL {wanted}, or pip install 'migrate-hooks[embedded]'.",
        )
    return min(fit)


def _target(server: "Server", database: str) -> Target:
    parameters = {
        "host": str(server.sockets),
        "port": server.port,
        "user": server.user,
        "dbname": database,
    }
    return Target(
        environment=WHERE,
        source="embedded server",
        parameters=parameters,
        password=None,
        host=str(server.sockets),
        port=server.port,
        database=database,
        user=server.user,
    )
