"""`uninstall`: our shims out, the hooks that were there before back in their places."""

from pathlib import Path

from migrate_hooks.actions import hook_files
from migrate_hooks.actions.hook_files import Slot
from migrate_hooks.errors import CannotWrite, Exit
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.outside import git


def run(start: Path) -> Report:
    """Remove every hook of ours from the repository around `start`; nothing else is touched.

    Raises NotARepository, Refused when the hooks are not this repository's own, CannotWrite.
    """
    root = git.require_root(start)
    slots = hook_files.slots(root)
    try:
        rows = tuple((slot.event.name, *_uninstall(root, slot)) for slot in slots)
    except OSError as wrong:
        raise CannotWrite(
            f"{wrong.filename} could not be removed: {wrong.strerror}.",
            f"Check who may write to {slots[0].folder}, then run migrate-hooks uninstall again.",
        ) from wrong
    changed = any(state != "not ours" for _, state, _ in rows)
    return Report(
        action="uninstall",
        outcome=Outcome.CLEAN,
        exit_code=Exit.CLEAN,
        listings=(Listing("Git hooks", ("hook", "state", "file"), rows),),
        notes=() if changed else ("Nothing changed: no hook here is ours.",),
    )


def _uninstall(root: Path, slot: Slot) -> tuple[str, str]:
    """Remove one hook and return its state and the file that is left."""
    ours = slot.ours()
    for file in (slot.path, slot.legacy):
        if hook_files.is_ours(file):
            file.unlink()
    if ours is None:
        return "not ours", _left(root, slot)
    if not hook_files.is_there(slot.kept):
        return "removed", _left(root, slot)
    if ours == slot.legacy and hook_files.is_framework(slot.kept):
        # The framework came back after we had kept its first script, and runs from `path` itself.
        slot.kept.unlink()
        return "removed", _left(root, slot)
    slot.kept.rename(ours)
    return "previous hook restored", hook_files.show(root, ours)


def _left(root: Path, slot: Slot) -> str:
    left = [file for file in (slot.path, slot.kept) if hook_files.is_there(file)]
    return ", ".join(hook_files.show(root, file) for file in left)
