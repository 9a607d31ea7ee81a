"""`backup list` and `backup prune`: what there is, and what may go."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from shlex import quote

from migrate_hooks.actions import backup as backups
from migrate_hooks.actions import backup_words as words
from migrate_hooks.config import targets
from migrate_hooks.errors import Exit, UsageProblem
from migrate_hooks.model.backup import Backup
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import amount
from migrate_hooks.outside import archives, clock

_COLUMNS = ("environment", "archive", "taken at (UTC)", "age", "size", "ledger", "verified")


def run(settings: Settings, environment: str | None) -> Report:
    """List the backups of one environment, or of all, the newest first."""
    names = _names(settings, environment)
    found = [one for name in names for one in backups.known(settings.root, name)]
    strays = tuple(each for name in names for each in _strays(settings.root, name))
    rows = tuple(_row(one) for one in found)
    place = settings.root / archives.FOLDER
    notes = (
        (f"They are in {words.shown(settings.root, place)}/, by environment.",)
        if rows
        else ("There is no backup. Take one: migrate-hooks backup --env=NAME",)
    )
    return Report(
        "backup list",
        Outcome.CLEAN,
        Exit.CLEAN,
        environment or "",
        findings=strays,
        listings=(Listing("", _COLUMNS, rows),) if rows else (),
        notes=notes,
    )


def _names(settings: Settings, environment: str | None) -> Sequence[str]:
    if environment is not None:
        return [targets.environment(settings, environment).name]
    return [one.name for one in settings.environments]


def _row(one: Backup) -> tuple[str, ...]:
    at = one.contents.taken_at
    age = words.spell_age(one.age(clock.utc_now()))
    return (
        one.environment,
        one.archive.name,
        f"{at:%Y-%m-%d %H:%M:%S}",
        age,
        words.spell_size(one.size),
        words.heads(one),
        _verified(one),
    )


def _verified(one: Backup) -> str:
    """Return the best proof there is; the size alone is looked at now, since it costs nothing."""
    size = archives.size(one.archive)
    if size != one.size:
        return "NO: the archive is gone" if size < 0 else "NO: the archive's size is another"
    if one.restored_at:
        return f"restored {one.restored_at:%Y-%m-%d %H:%M}"
    return f"read back {one.read_at:%Y-%m-%d %H:%M}"


def _strays(root: Path, environment: str) -> Iterator[Finding]:
    """Yield a warning for each archive without a manifest: it takes room and counts for nothing."""
    place = archives.folder(root, environment)
    described = {one.archive for one in backups.known(root, environment)}
    for file in sorted(set(place.glob(f"*{archives.ARCHIVE}")) - described):
        yield Finding(
            "backup/no-manifest",
            Severity.WARNING,
            "This archive has no manifest that can be read, so it does not count as a backup.",
            ObjectPlace(environment, "backup", file.name),
            f"Remove it if nobody misses it: rm {quote(words.shown(root, file))}",
        )


def prune(settings: Settings, environment: str | None, keep: int, *, dry_run: bool) -> Report:
    """Remove the backups that are older than the `keep` newest good ones of each environment.

    Raises UsageProblem when none is to be kept, and CannotWrite.
    """
    if keep < 1:
        raise UsageProblem("The last good backup is never removed.", "Give --keep 1 or more.")
    doomed = [
        one
        for name in _names(settings, environment)
        for one in surplus(backups.known(settings.root, name), keep)
    ]
    if not dry_run:
        for one in doomed:
            archives.remove(one.archive)
    verb = "would be removed" if dry_run else "removed"
    count = amount(len(doomed), "backup")
    freed = words.spell_size(sum(one.size for one in doomed))
    rows = tuple((one.environment, one.archive.name, words.spell_size(one.size)) for one in doomed)
    return Report(
        "backup prune",
        Outcome.CLEAN,
        Exit.CLEAN,
        environment or "",
        listings=(Listing("", ("environment", "archive", "size"), rows),) if rows else (),
        notes=(f"{count} {verb}, {freed}." if doomed else "There is nothing to remove.",),
    )


def surplus(known: Sequence[Backup], keep: int) -> Sequence[Backup]:
    """Return what is older than the `keep` newest intact backups; nothing where there are fewer."""
    good = 0
    for place, one in enumerate(known):
        good += backups.is_intact(one)
        if good == keep:
            return known[place + 1 :]
    return ()
