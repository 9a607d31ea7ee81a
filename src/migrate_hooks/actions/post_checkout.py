"""After `git checkout`, `git switch` and `git worktree add`: what files and databases say."""

from collections.abc import Callable

from migrate_hooks.actions import aftermath, came, sources
from migrate_hooks.errors import Exit
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.trigger import Trigger


def run(settings: Settings, trigger: Trigger, say: Callable[[str], None]) -> Report:
    """Return the line about a checkout; nothing for a step of a rebase, which tells by itself."""
    folder = sources.worktree_folder(settings)
    changed = came.by_checkout(settings.root, folder, trigger)
    if changed is None:
        return Report(f"hook {trigger.hook}", Outcome.CLEAN, Exit.CLEAN)
    return aftermath.report(settings, trigger.hook, changed, say)
