"""`install`: our shims among git's hooks, beside what is there; `--check` says how they are.

Everything is looked at before anything is written, so a refusal leaves all hooks as they were.
"""

import os
import shutil
import sys
from pathlib import Path

import migrate_hooks
from migrate_hooks.actions import hook_files, outcome
from migrate_hooks.actions.hook_files import Slot
from migrate_hooks.errors import CannotWrite, Exit, Refused
from migrate_hooks.events import shim
from migrate_hooks.events.shim import Interpreter
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.outside import files, git

_AGAIN = "Run migrate-hooks install."
_PUT_ON_PATH = "Put migrate-hooks on PATH, for example with `pipx install migrate-hooks`."


def run(start: Path) -> Report:
    """Install every hook of the repository around `start`.

    Raises NotARepository, Refused when a hook cannot be kept, CannotWrite.
    """
    root = git.require_root(start)
    slots = hook_files.slots(root)
    for slot in slots:
        _refuse_second(root, slot)
    rows = tuple((slot.event.name, *_install(root, slot)) for slot in slots)
    changed = any(state != "unchanged" for _, state, _ in rows)
    notes = _notes(root, slots) if changed else ("Nothing changed: every hook was there.",)
    return Report(
        action="install",
        outcome=Outcome.CLEAN,
        exit_code=Exit.CLEAN,
        listings=(Listing("Git hooks", ("hook", "state", "file"), rows),),
        notes=notes,
    )


def _refuse_second(root: Path, slot: Slot) -> None:
    if slot.ours() or not (hook_files.is_there(slot.path) and hook_files.is_there(slot.kept)):
        return
    path, kept = hook_files.show(root, slot.path), hook_files.show(root, slot.kept)
    raise Refused(
        f"{path} is not ours, and {kept} is there already: a hook that an earlier install kept. "
        "Keeping both under one name would lose one of them.",
        f"Merge the two into {path} and remove {kept}, then run migrate-hooks install again.",
    )


def _install(root: Path, slot: Slot) -> tuple[str, str]:
    """Install one hook and return its state and its file."""
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


def _keep_and_write(slot: Slot, text: str) -> None:
    slot.path.rename(slot.kept)
    try:
        files.write_atomically(slot.path, text, 0o755)
    except CannotWrite:
        slot.kept.rename(slot.path)
        raise


def _interpreter(root: Path, folder: Path) -> Interpreter:
    """Return this Python; in husky's folder, which git tracks, without this machine's paths."""
    here = Interpreter(sys.executable or "", str(Path(migrate_hooks.__file__).parent))
    if not hook_files.is_husky(folder):
        return here
    inside = Path(here.python).is_relative_to(root) and Path(here.package).is_relative_to(root)
    if not inside:
        return Interpreter()
    return Interpreter(*(str(Path(path).relative_to(root)) for path in (here.python, here.package)))


def _notes(root: Path, slots: tuple[Slot, ...]) -> tuple[str, ...]:
    notes = [_kept_note(root, slot) for slot in slots if hook_files.is_there(slot.kept)]
    folder = slots[0].folder
    if hook_files.is_husky(folder):
        here = "" if shutil.which("migrate-hooks") else ", which it is not here"
        notes.append(
            f"husky runs these, on every machine: commit {hook_files.show(root, folder)}, and see "
            f"to it that migrate-hooks is on PATH{here}."
        )
    commands = sorted(slot.event.command for slot in slots)
    return (*notes, f"From now on they run at {', '.join(commands)}.")


def _kept_note(root: Path, slot: Slot) -> str:
    kept = hook_files.show(root, slot.kept)
    if os.access(slot.kept, os.X_OK) or hook_files.is_husky(slot.folder):
        return f"{slot.event.name} runs the hook that was there first: {kept}"
    return f"{kept} is not executable, so git did not run it and ours does not either."


def check(start: Path) -> Report:
    """Return how every hook is; what keeps one from running is a critical finding."""
    root = git.require_root(start)
    found = [(slot, _problem(root, slot)) for slot in hook_files.slots(root)]
    findings = tuple(problem for _, problem in found if problem)
    rows = tuple(
        (
            slot.event.name,
            problem.code.partition("/")[2] if problem else "installed",
            hook_files.show(root, slot.ours() or slot.path),
            f"after {slot.kept.name}" if slot.ours() and hook_files.is_there(slot.kept) else "",
        )
        for slot, problem in found
    )
    ending, code = outcome.of(findings)
    return Report(
        action="install",
        outcome=ending,
        exit_code=code,
        findings=findings,
        listings=(Listing("Git hooks", ("hook", "state", "file", "runs"), rows),),
    )


def _problem(root: Path, slot: Slot) -> Finding | None:
    ours = slot.ours()
    if ours is None:
        return _absent(root, slot)
    text = hook_files.read(ours)
    path = hook_files.show(root, ours)
    interpreter = shim.read(text) or Interpreter()
    if not os.access(ours, os.X_OK) and not hook_files.is_husky(slot.folder):
        message = f"{path} is not executable, so git leaves it out at {slot.event.command}."
        return _finding("hook/not-executable", message, path)
    if text != shim.write(slot.event, interpreter):
        message = f"{path} was written by another version of migrate-hooks, or edited."
        return _finding("hook/stale", message, path)
    return _without_interpreter(root, path, interpreter)


def _absent(root: Path, slot: Slot) -> Finding:
    path = hook_files.show(root, slot.path)
    nothing = f"so {slot.event.command} is not checked"
    if not hook_files.is_there(slot.path):
        return _finding("hook/missing", f"{path} is not there, {nothing}.", path)
    message = f"{path} is somebody else's hook and does not run ours, {nothing}."
    return _finding("hook/foreign", message, path, f"{_AGAIN[:-1]}; the other hook keeps running.")


def _without_interpreter(root: Path, path: str, found: Interpreter) -> Finding | None:
    program = shutil.which("migrate-hooks")
    if not found.python:
        message = f"{path} looks for migrate-hooks on PATH and does not find it there."
        return None if program else _finding("hook/no-interpreter", message, path, _PUT_ON_PATH)
    if os.access(root / found.python, os.X_OK) and (root / found.package).is_dir():
        return None
    message = f"{path} runs {found.python} with migrate-hooks in {found.package}, which is gone."
    if not program:
        return _finding("hook/no-interpreter", message, path)
    message += f" A terminal falls back to {program}, a graphical client may not."
    return _finding("hook/no-interpreter", message, path, severity=Severity.WARNING)


def _finding(
    code: str, message: str, path: str, hint: str = _AGAIN, severity: Severity = Severity.CRITICAL
) -> Finding:
    return Finding(code, severity, message, FilePlace(path), hint)
