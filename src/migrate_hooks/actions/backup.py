"""`backup`: an archive of one environment that is proved to be whole before it counts."""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from migrate_hooks.actions import backup_facts, backup_manifest
from migrate_hooks.actions import backup_words as words
from migrate_hooks.config import targets
from migrate_hooks.errors import BackupFailed, Exit, Failure, UnsupportedServer, UsageProblem
from migrate_hooks.history import guard
from migrate_hooks.model.backup import Backup, Contents
from migrate_hooks.model.environment import Target
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import archives, clock

if TYPE_CHECKING:
    from migrate_hooks.outside.pg_tools import Client
    from migrate_hooks.outside.postgres import Session

_CLOCKS_MAY_DIFFER = timedelta(minutes=5)

Say = Callable[[str], None]


def run(settings: Settings, name: str, say: Say) -> Report:
    """Take a backup of environment `name`.

    Raises ToolMissing, Unreachable, UnsupportedServer, LockBusy, CannotWrite and BackupFailed;
    then there is no new backup, and no trace of one.
    """
    from migrate_hooks.outside import postgres

    environment = targets.environment(settings, name).name
    target = targets.target(settings, environment)
    if guard.uses_pooler_port(target):
        raise _pooled(target)
    with postgres.session(target) as session:
        taken = take(settings, environment, session, say)
    note = (
        f"The archive was read back whole. To prove that it can be restored: "
        f"migrate-hooks backup verify --env={environment} --restore"
    )
    facts = Listing(
        f"{environment} is backed up", ("", ""), tuple(words.facts(settings.root, taken))
    )
    return Report(
        "backup", Outcome.CLEAN, Exit.CLEAN, environment, listings=(facts,), notes=(note,)
    )


def take(settings: Settings, environment: str, session: "Session", say: Say) -> Backup:
    """Back up the database of `session`, read the archive back, and return what was made.

    The session is left as it was. Raises as `run` does.
    """
    from migrate_hooks.outside import pg_tools, postgres
    from migrate_hooks.schema import snapshot

    if postgres.is_behind_transaction_pooler(session):
        raise _pooled(session.target)
    client = pg_tools.client(session.version // 10_000, tls=needs_tls(session))
    place = archives.make_folder(settings.root, environment)
    archives.sweep(place)
    schema = backup_manifest.schema_to_json(snapshot.take(session, environment))
    say(f"Backing up {environment} ({words.address(session.target)}) with {client}")
    with archives.unfinished(place) as part:
        wait = settings.apply.lock_timeout
        contents, finished = _dump(client, session, part, wait, say)
        _read_back(client, environment, part, say)
        backup = _keep(part, environment, contents, client, finished, schema)
    _describe(backup, schema)
    return backup


def _dump(
    client: "Client", session: "Session", part: archives.Unfinished, lock_wait: int, say: Say
) -> tuple[Contents, datetime]:
    from migrate_hooks.outside import pg_dump

    def tell() -> None:
        say(f"{words.spell_size(archives.size(part.path))} written")

    with backup_facts.moment(session, lock_wait) as (contents, snapshot):
        for warning in pg_dump.dump(client, session, snapshot, part.path, lock_wait, tell):
            say(f"pg_dump warns: {warning}")
        return contents, backup_facts.now(session)


def _read_back(client: "Client", environment: str, part: archives.Unfinished, say: Say) -> None:
    from migrate_hooks.outside import pg_dump

    say(f"Reading {words.spell_size(archives.size(part.path))} back")
    damage = pg_dump.damage(client, part.path)
    if damage:
        raise BackupFailed(
            f"{environment} was not backed up: what pg_dump wrote cannot be read back whole "
            f"({damage}).",
            f"Check the disk below {part.path.parent}, then run the command again.",
        )


def _keep(
    part: archives.Unfinished,
    environment: str,
    contents: Contents,
    client: "Client",
    finished: datetime,
    schema: bytes,
) -> Backup:
    digest, size = archives.digest(part.path), archives.size(part.path)
    archive = archives.keep(part, f"{contents.taken_at:%Y%m%dT%H%M%SZ-%f}")
    return Backup(
        archive=archive,
        environment=environment,
        contents=contents,
        client_version=client.version,
        finished_at=finished,
        size=size,
        sha256=digest,
        schema_sha256=sha256(schema).hexdigest(),
        read_at=clock.utc_now(),
    )


def _describe(backup: Backup, schema: bytes) -> None:
    """Write what makes an archive count; without it there is no archive either."""
    try:
        archives.write(backup.archive.with_suffix(archives.SCHEMA), schema)
        write_manifest(backup)
    except BaseException:
        archives.remove(backup.archive)
        raise


def write_manifest(backup: Backup) -> None:
    """Write, or replace, the manifest of a backup; raises CannotWrite."""
    file = backup.archive.with_suffix(archives.MANIFEST)
    archives.write(file, backup_manifest.to_json(backup))


def needs_tls(session: "Session") -> bool:
    """Return whether PostgreSQL's programs must be able to encrypt to go where `session` goes."""
    return session.encrypted or not targets.is_local(session.target.host)


def _pooled(target: Target) -> Failure:
    return UnsupportedServer(
        f"{target.environment} is reached through a transaction pooler, where pg_dump cannot hold "
        "one moment of the database. Nothing was backed up.",
        f"Use the direct connection or the session pooler (port 5432) in {target.source}.",
    )


def known(root: Path, environment: str) -> tuple[Backup, ...]:
    """Return the backups of an environment that have a manifest, the newest first.

    Whether their archives are still whole was not looked at.
    """
    found = map(read, archives.manifests(archives.folder(root, environment)))
    whole = [one for one in found if one is not None and one.environment == environment]
    return tuple(sorted(whole, key=lambda one: one.contents.taken_at, reverse=True))


def read(manifest: Path) -> Backup | None:
    """Return the backup that a manifest describes, None when the file is no manifest of ours."""
    data = archives.read(manifest)
    try:
        archive = manifest.with_suffix(archives.ARCHIVE)
        return backup_manifest.from_json(data, archive) if data else None
    except (KeyError, TypeError, ValueError):
        return None


def is_intact(backup: Backup) -> bool:
    """Return whether the archive is, byte for byte, what was read back when it was made."""
    if archives.size(backup.archive) != backup.size:
        return False
    return archives.digest(backup.archive) == backup.sha256


def newest_good(
    settings: Settings,
    environment: str,
    now: datetime,
    *,
    system_identifier: str = "",
    database: str = "",
) -> Backup | None:
    """Return the newest backup of an environment whose archive is intact, None without one.

    `now` is by the server's clock: `backup.age(now)` is in seconds, and what claims to be from a
    later time does not count. Given the server's `system_identifier` or the name of the `database`,
    backups of others do not count either.
    """
    for one in known(settings.root, environment):
        theirs = one.contents.system_identifier
        stranger = system_identifier and theirs and theirs != system_identifier
        stranger = stranger or (database and one.contents.database != database)
        if stranger or one.contents.taken_at > now + _CLOCKS_MAY_DIFFER:
            continue
        if is_intact(one):
            return one
    return None


def find(settings: Settings, text: str) -> Path:
    """Return the archive that somebody named by its path, its manifest's, or its name alone.

    Raises UsageProblem when there is none.
    """
    names = dict.fromkeys((text, text.removesuffix(archives.MANIFEST) + archives.ARCHIVE))
    inside = [archives.folder(settings.root, one.name) for one in settings.environments]
    for place in (Path(), *inside):
        for name in names:
            if (place / name).is_file() and name.endswith(archives.ARCHIVE):
                return (place / name).absolute()
    raise UsageProblem(
        f"There is no archive {text!r}, neither here nor among the backups.",
        "See what there is: migrate-hooks backup list",
    )
