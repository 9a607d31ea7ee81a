"""`drift --env`: what one environment has that its own migrations did not make, and the reverse.

As with two environments, what judges is loaded while the server answers; and so are the files read.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrate_hooks.actions import drift_read, sources
from migrate_hooks.config import targets
from migrate_hooks.model.report import Report
from migrate_hooks.model.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrate_hooks.actions.drift_read import Seen
    from migrate_hooks.actions.sources import Source
    from migrate_hooks.ledgers.base import Wanted


def run(
    settings: Settings, environment: str, *, strict: bool = False, save: Path | None = None
) -> Report:
    """Replay what the environment's ledger says is applied, and compare that with what is there.

    `environment` may be a saved snapshot; `save` is a file to save what was read in.
    Raises UnknownEnvironment, MissingDsn, BadDsn, BadSnapshot, NoMigrationsFolder, Unreachable,
    LedgerUnreadable; ReplayFailed, ToolMissing or LockBusy where there is nothing to compare with.
    """
    if save:
        from migrate_hooks.actions import drift_saved

        drift_saved.refuse_to_overwrite(save)
    sources.worktree_folder(settings)  # the usual mistake is told before anybody is asked
    files = cache(lambda: sources.from_worktree(settings))

    seen = _read(settings, environment, lambda: _ledger(files()))
    from migrate_hooks.actions import drift_env

    return drift_env.report(settings, files(), seen, strict=strict, save=save)


def _ledger(files: "Source") -> "Wanted":
    from migrate_hooks.actions import drift_env  # noqa: F401 - needed next, and slow to load

    return files.ledger


def _read(settings: Settings, environment: str, wanted: "Callable[[], Wanted]") -> "Seen":
    if environment in {each.name for each in settings.environments}:
        place = targets.target(settings, environment)
        (seen,) = drift_read.asking((place,), wanted)
        return seen
    from migrate_hooks.actions import drift_saved

    return drift_saved.one(settings, environment, wanted())
