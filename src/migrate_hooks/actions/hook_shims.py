"""Writing our shim into a hook's place, beside what was there before."""

import os
import shutil
import sys
from pathlib import Path

import migrate_hooks
from migrate_hooks.actions import hook_files
from migrate_hooks.actions.hook_files import Slot
from migrate_hooks.errors import CannotWrite, Refused
from migrate_hooks.events import shim
from migrate_hooks.events.shim import Interpreter
from migrate_hooks.outside import files


def refuse_second(root: Path, slot: Slot) -> None:
    """Raise Refused where a hook would have to be kept under a name that is taken."""
    if slot.ours() or not (hook_files.is_there(slot.path) and hook_files.is_there(slot.kept)):
        return
    path, kept = hook_files.show(root, slot.path), hook_files.show(root, slot.kept)
    raise Refused(
        f"{path} is not ours, and {kept} is there already: a hook that an earlier install kept. "
        "Keeping both under one name would lose one of them.",
        f"Merge the two into {path} and remove {kept}, then run migrate-hooks install again.",
    )


def put(root: Path, slot: Slot) -> tuple[str, str]:
    """Install one hook and return its state and its file; raises CannotWrite."""
    text = shim.write(slot.event, _interpreter(root, slot.folder))
    ours = slot.ours()
    if ours and hook_files.read(ours) == text and os.access(ours, os.X_OK):
        return "unchanged", hook_files.show(root, ours)
    try:
        slot.folder.mkdir(parents=True, exist_ok=True)
        if ours is None and hook_files.is_there(slot.path):
            _keep_and_write(slot, text)
        else:
            files.write_atomically(ours or slot.path, text, 0o755)
    except OSError as wrong:
        raise CannotWrite(
            f"{slot.path} could not be written: {wrong.strerror}.",
            f"Make {slot.folder} a folder that you may write to, then run migrate-hooks install.",
        ) from wrong
    return "updated" if ours else "installed", hook_files.show(root, ours or slot.path)


def take(root: Path, slot: Slot) -> tuple[str, str]:
    """Remove one hook of ours, put back what it replaced; return its state and the file left."""
    ours = slot.ours()
    for file in (slot.path, slot.legacy, slot.aside):
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


def _keep_and_write(slot: Slot, text: str) -> None:
    slot.path.rename(slot.kept)
    try:
        files.write_atomically(slot.path, text, 0o755)
    except CannotWrite:
        slot.kept.rename(slot.path)
        raise


def _interpreter(root: Path, folder: Path) -> Interpreter:
    """Return this Python; in a folder that git tracks, without this machine's paths."""
    python, package = Path(sys.executable or ""), Path(migrate_hooks.__file__).parent
    if not hook_files.is_shared(root, folder):
        return Interpreter.at(sys.executable or "", str(package))
    if not (python.is_relative_to(root) and package.is_relative_to(root)):
        return Interpreter()
    return Interpreter.at(str(python.relative_to(root)), package.relative_to(root).as_posix())


def notes(root: Path, slots: tuple[Slot, ...]) -> list[str]:
    """Return what is to be said about hooks that were kept, and about a shared folder."""
    said = [_kept_note(root, slot) for slot in slots if hook_files.is_there(slot.kept)]
    folder = slots[0].folder if slots else None
    if folder and hook_files.is_shared(root, folder):
        here = "" if shutil.which("migrate-hooks") else ", which it is not here"
        who = "husky runs these" if hook_files.is_husky(folder) else "These run"
        said.append(
            f"{who}, on every machine: commit {hook_files.show(root, folder)}, and see to it that "
            f"migrate-hooks is on PATH{here}."
        )
    return said


def _kept_note(root: Path, slot: Slot) -> str:
    kept = hook_files.show(root, slot.kept)
    if os.access(slot.kept, os.X_OK) or hook_files.is_husky(slot.folder):
        return f"{slot.event.name} runs the hook that was there first: {kept}"
    return f"{kept} is not executable, so git did not run it and ours does not either."
