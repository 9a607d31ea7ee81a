"""After `git rebase`, `git pull --rebase` and `git commit --amend`: what other commits now say."""

from collections.abc import Callable

from migrate_hooks.actions import aftermath, came, sources
from migrate_hooks.errors import Exit
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.trigger import Trigger


def run(settings: Settings, trigger: Trigger, say: Callable[[str], None]) -> Report:
    """Return the line about a rebase; an amended commit is worth one if it changed migrations."""
    folder = sources.worktree_folder(settings)
    rewritten = came.by_rewrite(settings.root, folder, trigger)
    if trigger.deed == "amend" and not rewritten.changes:
        return Report(f"hook {trigger.hook}", Outcome.CLEAN, Exit.CLEAN)
    return aftermath.report(settings, trigger.hook, rewritten, say)
