"""`backup verify`: is an archive still what it was, and does a database come out of it?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from shlex import quote

from migrate_hooks.actions import backup as backups
from migrate_hooks.actions import backup_trial, outcome
from migrate_hooks.actions import backup_words as words
from migrate_hooks.actions.backup import Say
from migrate_hooks.config import targets
from migrate_hooks.errors import ToolMissing, UsageProblem
from migrate_hooks.model.backup import Backup
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import archives, clock

_COLUMNS = ("archive", "taken at (UTC)", "size", "ledger", "result")


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for: an environment's newest backup, all of them, or one file."""

    environment: str | None = None
    file: str | None = None
    everything: bool = False
    restore: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about one archive; `unchecked` when part of it could not be judged."""

    archive: Path
    backup: Backup | None
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    unchecked: bool = False

    @property
    def result(self) -> str:
        """How it ended, in a few words."""
        if any(one.severity is Severity.CRITICAL for one in self.findings):
            return "NO BACKUP"
        return "not checked" if self.unchecked else "good"


def run(settings: Settings, order: Order, say: Say) -> Report:
    """Verify one or more archives; raises UsageProblem when there is nothing to verify."""
    chosen = _chosen(settings, order)
    verdicts = [_verify(settings, archive, order, say) for archive in chosen]
    findings = tuple(each for one in verdicts for each in one.findings)
    ending, code = outcome.of(findings, unchecked=any(one.unchecked for one in verdicts))
    return Report(
        "backup verify",
        ending,
        code,
        order.environment or "",
        findings=findings,
        listings=(Listing("", _COLUMNS, tuple(_row(settings.root, one) for one in verdicts)),),
        notes=tuple(note for one in verdicts for note in one.notes),
    )


def _chosen(settings: Settings, order: Order) -> Sequence[Path]:
    if (order.environment is None) == (order.file is None):
        raise UsageProblem(
            "Which backup?", "Add --env=NAME for the newest one of an environment, or name a file."
        )
    if order.file is not None:
        return [backups.find(settings, order.file)]
    environment = targets.environment(settings, order.environment or "").name
    known = [one.archive for one in backups.known(settings.root, environment)]
    if not known:
        raise UsageProblem(
            f"There is no backup of {environment}.",
            f"Take one: migrate-hooks backup --env={environment}",
        )
    return known if order.everything else known[:1]


def _row(root: Path, one: Verdict) -> tuple[str, ...]:
    name = words.shown(root, one.archive)
    if one.backup is None:
        return (name, "", words.spell_size(archives.size(one.archive)), "", one.result)
    at = f"{one.backup.contents.taken_at:%Y-%m-%d %H:%M:%S}"
    return (name, at, words.spell_size(one.backup.size), words.heads(one.backup), one.result)


def _verify(settings: Settings, archive: Path, order: Order, say: Say) -> Verdict:
    backup = backups.read(archive.with_suffix(archives.MANIFEST))
    if backup is None:
        return Verdict(archive, None, (_without_manifest(archive),))
    say(f"Reading {words.shown(settings.root, archive)}, {words.spell_size(backup.size)}")
    try:
        damage = damaged(backup)
        if damage:
            return Verdict(archive, backup, (damage,))
        if not order.restore:
            backups.write_manifest(replace(backup, read_at=clock.utc_now()))
            note = f"{archive.name} is byte for byte as it was made, and can be read to its end."
            return Verdict(archive, backup, notes=(note,))
        trial = backup_trial.run(backup, say)
    except ToolMissing as missing:
        finding = _finding(backup, missing.code, Severity.WARNING, missing.message, missing.hint)
        return Verdict(archive, backup, (finding,), unchecked=True)
    if trial.proves:
        now = clock.utc_now()
        backups.write_manifest(replace(backup, read_at=now, restored_at=now))
    return Verdict(archive, backup, trial.findings, trial.notes, trial.unchecked)


def damaged(backup: Backup) -> Finding | None:
    """Return what is wrong with an archive, None when it is whole.

    All of it is read. Raises ToolMissing when there is no pg_restore that could.
    """
    size = archives.size(backup.archive)
    if size < 0:
        return _broken(backup, "backup/missing", "the archive is not there any more")
    if size != backup.size:
        sizes = f"it has {size} bytes and was made with {backup.size}"
        return _broken(backup, "backup/truncated", f"the archive was cut off or added to: {sizes}")
    if not backups.is_intact(backup):
        return _broken(
            backup, "backup/altered", "its SHA-256 is not that of the archive that was made"
        )
    damage = _unreadable(backup)
    return _broken(backup, "backup/unreadable", f"pg_restore says: {damage}") if damage else None


def _unreadable(backup: Backup) -> str:
    from migrate_hooks.outside import pg_dump, pg_tools

    client = pg_tools.client(backup.client_major, tls=False)
    return pg_dump.damage(client, backup.archive)


def _broken(backup: Backup, code: str, reason: str) -> Finding:
    message = f"This is no backup: {reason}. Whatever it still holds must not be relied on."
    hint = f"Take a new one: migrate-hooks backup --env={backup.environment}"
    return _finding(backup, code, Severity.CRITICAL, message, hint)


def _finding(backup: Backup, code: str, severity: Severity, message: str, hint: str) -> Finding:
    place = ObjectPlace(backup.environment, "backup", backup.archive.name)
    return Finding(code, severity, message, place, hint)


def _without_manifest(archive: Path) -> Finding:
    manifest = archive.with_suffix(archives.MANIFEST)
    return Finding(
        "backup/no-manifest",
        Severity.CRITICAL,
        f"{archive.name} has no manifest that can be read, so nothing says what it is a backup of "
        "and whether it is whole. It does not count as one.",
        hint=f"Put {manifest.name} back beside it; to look into the archive: "
        f"pg_restore --list {quote(str(archive))}",
    )
