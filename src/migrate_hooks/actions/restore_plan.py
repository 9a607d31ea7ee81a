"""What a restore would replace, and every reason not to do it, all told at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING

from migrate_hooks.actions import backup_facts
from migrate_hooks.actions import backup_words as words
from migrate_hooks.ledgers.base import quoted
from migrate_hooks.model.backup import Backup
from migrate_hooks.model.books import Identity
from migrate_hooks.model.environment import Environment, Target
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.words import amount

if TYPE_CHECKING:
    from migrate_hooks.outside.postgres import Session

_LONGEST_NAME = 63
_SHOWN = 5

_LOOK = """
SELECT
    pg_catalog.current_database()::text,
    pg_catalog.pg_database_size(here.oid),
    pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()),
    pg_catalog.current_setting('transaction_read_only') = 'on',
    me.rolsuper OR me.rolcreatedb,
    me.rolsuper OR pg_catalog.pg_has_role(here.datdba, 'USAGE'),
    me.rolname::text,
    (SELECT pg_catalog.count(*)
     FROM pg_catalog.pg_class AS class
     JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
     WHERE class.relkind IN ('r', 'p') AND namespace.nspname !~ '^pg_'
       AND namespace.nspname <> 'information_schema'),
    ARRAY(
        SELECT pg_catalog.format('%%s (%%s, %%s)', pid, usename,
               coalesce(nullif(application_name, ''), 'no application name'))
        FROM pg_catalog.pg_stat_activity
        WHERE datname = here.datname AND pid <> pg_catalog.pg_backend_pid()
          AND coalesce(backend_type, 'client backend') = 'client backend'
        ORDER BY backend_start),
    ARRAY(
        SELECT wanted FROM pg_catalog.unnest(%s::text[]) AS wanted
        WHERE wanted NOT IN (SELECT rolname::text FROM pg_catalog.pg_roles)),
    ARRAY(
        SELECT datname::text FROM pg_catalog.pg_database
        WHERE pg_catalog.starts_with(datname::text, here.datname || '_restore_2')
           OR pg_catalog.starts_with(datname::text, here.datname || '_before_2')
        ORDER BY 1)
FROM pg_catalog.pg_database AS here, pg_catalog.pg_roles AS me
WHERE here.datname = pg_catalog.current_database() AND me.rolname = CURRENT_USER
"""


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for; `allow` holds names of hazards, `yes` an environment."""

    environment: str
    file: str | None = None
    latest: bool = False
    force: bool = False
    yes: str | None = None
    allow: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """The database that would be replaced, as it is now.

    `size` in bytes, `now` by the server's clock. `others` are the connections beside ours, in
    words; `missing_roles` those that the backup needs and the server lacks; `relics` the databases
    that earlier restores made or kept.
    """

    database: str
    size: int
    now: datetime
    read_only: bool
    may_create: bool
    may_rename: bool
    role: str
    tables: int
    others: tuple[str, ...]
    missing_roles: tuple[str, ...]
    server_major: int
    relics: tuple[str, ...] = ()

    @property
    def beside(self) -> str:
        """The name of the new database while it is filled."""
        return self._named("restore")

    @property
    def kept(self) -> str:
        """The name under which the present database stays."""
        return self._named("before")

    def _named(self, word: str) -> str:
        ending = f"_{word}_{self.now:%Y%m%d%H%M%S}"
        room = _LONGEST_NAME - len(ending)
        return self.database.encode()[:room].decode("utf-8", "ignore") + ending


def look(session: "Session", backup: Backup) -> Standing:
    """Ask the server about the session's database."""
    ((row,),) = session.apart((_LOOK, [list(backup.contents.roles)]))
    name, size, now, *rest, others, roles, relics = row
    read_only, may_create, may_rename, role, tables = rest
    return Standing(
        database=name,
        size=size,
        now=backup_facts.utc(now),
        read_only=read_only,
        may_create=may_create,
        may_rename=may_rename,
        role=role,
        tables=tables,
        others=tuple(others),
        missing_roles=tuple(roles),
        server_major=session.version // 10_000,
        relics=tuple(relics),
    )


def describe(
    target: Target, backup: Backup, standing: Standing, name: str
) -> Iterator[tuple[str, str]]:
    """Yield name and value of everything that a person must know before it is done."""
    contents = backup.contents
    age = words.spell_age(backup.age(standing.now))
    yield "archive", f"{name}, {words.spell_size(backup.size)}"
    yield "of", f"{backup.environment}: database {contents.database} on {contents.host}"
    yield (
        "moment",
        f"{contents.taken_at:%Y-%m-%d %H:%M:%S} UTC, {age} ago; later changes are not in",
    )
    yield "ledger", words.heads(backup) or "none"
    yield "replaces", f"{target.environment}: {words.address(target)}"
    yield (
        "which has",
        f"{amount(standing.tables, 'table')}, {words.spell_size(standing.size)}",
    )
    yield "kept as", standing.kept
    yield "connections", f"{len(standing.others)} beside this one"
    if standing.relics:
        relics = ", ".join(standing.relics)
        yield "still there", f"{relics} (from earlier restores; they take room)"


def objections(
    environment: Environment, backup: Backup, standing: Standing, order: Order
) -> Iterator[Finding]:
    """Yield every reason not to go on, each with what to add or to do."""
    reasons = (
        *_about_permission(environment, standing, order),
        *_about_the_backup(environment, backup, standing, order),
        *_about_the_server(environment, backup, standing, order),
    )
    place = ObjectPlace.whole(environment.name)
    for code, message, hint in reasons:
        yield Finding(f"restore/{code}", Severity.CRITICAL, message, place, hint)


def strangers(environment: Environment, recorded: Identity | None) -> Iterator[Finding]:
    """Yield that the database is recorded as another environment's, whose it is then."""
    name = environment.name
    if recorded is None or recorded.environment == name:
        return
    yield Finding(
        "restore/identity",
        Severity.CRITICAL,
        f"The database that would be replaced was recorded as {recorded.environment} (at "
        f"{recorded.recorded_at} by {recorded.recorded_by}), and the connection string of {name} "
        "leads to it.",
        ObjectPlace.whole(name),
        f"Check where {name} points: migrate-hooks env check. If it is meant to be {name} from now "
        f"on: migrate-hooks repair --env={name} --adopt-identity",
    )


Reason = tuple[str, str, str]


def _about_permission(
    environment: Environment, standing: Standing, order: Order
) -> Iterator[Reason]:
    name = environment.name
    if environment.protected and not (order.force and order.yes == name):
        yield (
            "protected",
            f"{name} is protected, and a restore replaces everything in it.",
            f"Say it twice: --force --yes={name}",
        )
    if standing.tables and "replace" not in order.allow:
        yield (
            "replace",
            f"{standing.database} is not empty: whatever was written there after the backup would "
            f"be out of sight, in {standing.kept}.",
            "Add --allow replace.",
        )
    if standing.others and "disconnect" not in order.allow:
        shown = ", ".join(standing.others[:_SHOWN])
        more = len(standing.others) - _SHOWN
        yield (
            "connections",
            f"{standing.database} cannot be renamed while others are connected: process {shown}"
            + (f" and {more} more." if more > 0 else "."),
            "Stop them, or end their connections with --allow disconnect.",
        )


def _about_the_backup(
    environment: Environment, backup: Backup, standing: Standing, order: Order
) -> Iterator[Reason]:
    if backup.environment != environment.name and "other-environment" not in order.allow:
        yield (
            "other-environment",
            f"This is a backup of {backup.environment}, not of {environment.name}: its data, its "
            f"users and their secrets would be in {environment.name}.",
            "Add --allow other-environment if that is meant.",
        )
    if standing.missing_roles:
        yield (
            "roles",
            "The server lacks roles that own or may use something in the backup: "
            f"{', '.join(standing.missing_roles)}.",
            "Create them first: "
            + " ".join(f"CREATE ROLE {quoted(one)};" for one in standing.missing_roles),
        )


def _about_the_server(
    environment: Environment, backup: Backup, standing: Standing, order: Order
) -> Iterator[Reason]:
    name, major = environment.name, backup.contents.server_major
    if standing.server_major < major:
        yield (
            "older-server",
            f"{name} runs PostgreSQL {standing.server_major} and the backup comes from {major}: "
            "an older server does not understand all of it.",
            f"Restore it into PostgreSQL {major} or newer.",
        )
    if standing.read_only:
        yield ("read-only", f"{name} is read-only (a standby, or set so).", "Use the primary.")
    if not (standing.may_create and standing.may_rename):
        yield _may_not(backup, standing)


def _may_not(backup: Backup, standing: Standing) -> Reason:
    lacking = "own the database" if standing.may_create else "create databases"
    return (
        "privileges",
        f"Role {standing.role} may not {lacking}. A backup is restored into a new database beside "
        f"{standing.database}, and the two change names, so that nothing is lost on the way.",
        f"Either connect as the owner of {standing.database} with CREATEDB (ALTER ROLE "
        f"{quoted(standing.role)} CREATEDB;), or restore over it by hand, which loses "
        "what is there: "
        f"pg_restore --clean --if-exists --single-transaction --dbname=… "
        f"{quote(str(backup.archive))}",
    )


def warnings(environment: Environment, backup: Backup, identifier: str) -> Sequence[Finding]:
    """Return what is allowed and still has to be said aloud; `identifier` is the server's own."""
    place = ObjectPlace.whole(environment.name)
    theirs = backup.contents.system_identifier
    if backup.environment != environment.name:
        message = (
            f"{environment.name} gets the data of {backup.environment}: real people's, perhaps, "
            "with their passwords and keys; jobs that send mail or money may run on it."
        )
        hint = f"Change or remove what must not be in {environment.name} before anybody uses it."
        return (Finding("restore/other-environment", Severity.WARNING, message, place, hint),)
    if theirs and identifier and theirs != identifier:
        message = (
            f"The backup comes from another server than the one that {environment.name} is on now."
        )
        hint = "Check that the connection string is the one you mean."
        return (Finding("restore/other-server", Severity.WARNING, message, place, hint),)
    return ()
