"""After `git merge` and `git pull`: what came, what is pending where, and what to type next."""

from collections.abc import Callable

from migrate_hooks.actions import aftermath, came, sources
from migrate_hooks.model.report import Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.trigger import Trigger


def run(settings: Settings, trigger: Trigger, say: Callable[[str], None]) -> Report:
    """Return the one line about the merge, and the state of the databases that it concerns."""
    folder = sources.worktree_folder(settings)
    merged = came.by_merge(settings.root, folder, trigger)
    return aftermath.report(settings, trigger.hook, merged, say)
