"""`uninstall`: our shims out, the hooks that were there before back in their places.

Whichever way they were installed, each is undone: files among git's hooks, lines of git's
configuration, lines in a manager's file.
"""

from pathlib import Path

from migrate_hooks.actions import hook_edit, hook_files, hook_registry, hook_shims, hook_ways
from migrate_hooks.actions.hook_files import Slot
from migrate_hooks.errors import CannotWrite, Exit
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.outside import git

_NOT_OURS = "not ours"


def run(start: Path) -> Report:
    """Remove every hook of ours from the repository around `start`; nothing else is touched.

    Raises NotARepository, Refused when the hooks are not this repository's own, CannotWrite.
    """
    root = git.require_root(start)
    edits = hook_edit.removal(root)
    registered = _registered(root)
    # Where only others may be in the folder of hooks, what stands elsewhere comes out all the same.
    elsewhere = edits or registered
    slots = hook_ways.reachable(root) if elsewhere else hook_files.slots(root)
    hook_edit.carry_out(edits)
    rows = [*_unregister(root, registered), *_files(root, slots)]
    rows += [("", "lines removed", hook_files.show(root, edit.file)) for edit in edits]
    changed = any(state != _NOT_OURS for _, state, _ in rows)
    return Report(
        action="uninstall",
        outcome=Outcome.CLEAN,
        exit_code=Exit.CLEAN,
        listings=(Listing("Git hooks", ("hook", "state", "file"), tuple(rows)),),
        notes=() if changed else ("Nothing changed: no hook here is ours.",),
        body=hook_edit.shown(root, edits),
    )


def _registered(root: Path) -> tuple[Slot, ...]:
    entered = hook_registry.entries(root)
    return tuple(
        slot
        for slot in hook_registry.slots(root)
        if slot.ours() or any(key.startswith(_key(slot)) for key in entered)
    )


def _key(slot: Slot) -> str:
    return f"{hook_registry.section(slot.event.name)}."


def _unregister(root: Path, registered: tuple[Slot, ...]) -> list[tuple[str, str, str]]:
    for slot in registered:
        hook_registry.leave(root, slot.event.name)
    rows = _files(root, registered)
    hook_registry.remove_folder(root)
    return [(name, "removed", "git's configuration") for name, _, _ in rows]


def _files(root: Path, slots: tuple[Slot, ...]) -> list[tuple[str, str, str]]:
    try:
        return [(slot.event.name, *hook_shims.take(root, slot)) for slot in slots]
    except OSError as wrong:
        raise CannotWrite(
            f"{wrong.filename} could not be removed: {wrong.strerror}.",
            f"Check who may write to {slots[0].folder}, then run migrate-hooks uninstall again.",
        ) from wrong
