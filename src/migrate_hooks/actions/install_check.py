"""`install --check`: at which hooks we are called, by which way, and what keeps us from it."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from migrate_hooks import __version__
from migrate_hooks.actions import hook_files, hook_registry, hook_ways, outcome
from migrate_hooks.actions.hook_files import Slot
from migrate_hooks.actions.hook_ways import Configured, Way
from migrate_hooks.errors import Failure
from migrate_hooks.events import manager, shim
from migrate_hooks.events.shim import Interpreter
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.outside import git, process

_NOT_INSTALLED = "manager-not-installed"
_AGAIN = "Run migrate-hooks install."
_PUT_ON_PATH = "Put migrate-hooks on PATH, for example with `pipx install migrate-hooks`."


@dataclass(frozen=True, slots=True)
class Answer:
    """How we are called at one hook: a word, the file that does it, and what is wrong with it."""

    hook: str
    state: str
    file: str
    runs: str = ""
    problem: Finding | None = None


def run(start: Path) -> Report:
    """Return how every hook is; what keeps one from running is a critical finding.

    Raises NotARepository, and Refused when the hooks are not this repository's own.
    """
    root = git.require_root(start)
    answers = look(root)
    problems = dict.fromkeys(one.problem for one in answers if one.problem)
    findings = (*problems, *around(root, answers))
    ending, code = outcome.of(findings)
    rows = tuple((one.hook, one.state, one.file, one.runs) for one in answers)
    return Report(
        action="install",
        outcome=ending,
        exit_code=code,
        findings=findings,
        listings=(Listing("Git hooks", ("hook", "state", "file", "runs"), rows),),
    )


def look(root: Path) -> tuple[Answer, ...]:
    """Return the answer of every hook; raises Refused as `hook_files.slots` does."""
    entered = hook_registry.entries(root)
    there = hook_ways.configured(root)
    registered = {one.event.name: one for one in hook_registry.slots(root)}
    if entered and all(hook_registry.is_entered(root, name) for name in registered):
        return tuple(_registered(root, slot) for slot in registered.values())
    found = [
        _registered(root, registered[slot.event.name])
        if hook_registry.is_entered(root, slot.event.name) and not slot.ours()
        else _answer(root, slot, there)
        for slot in hook_files.slots(root)
    ]
    silent = {one.file.name: _not_run(one, found) for one in there}
    return tuple(
        replace(one, problem=silent[one.file]) if one.state == _NOT_INSTALLED else one
        for one in found
    )


def _not_run(one: Configured, answers: Sequence[Answer]) -> Finding:
    """Return that a manager calls us and git does not run it, for all of its hooks at once."""
    file = one.file.name
    hooks = [each.hook for each in answers if (each.state, each.file) == (_NOT_INSTALLED, file)]
    return _finding(
        f"hook/{_NOT_INSTALLED}",
        f"{file} calls migrate-hooks at {', '.join(hooks)}, but git runs nothing of {one.program} "
        "there, so that is not checked.",
        file,
        f"Run {one.manager.command(one.program, hooks)}.",
    )


def _answer(root: Path, slot: Slot, there: Sequence[Configured]) -> Answer:
    ours = slot.ours()
    name = slot.event.name
    if ours:
        kept = f"after {slot.kept.name}" if hook_files.is_there(slot.kept) else ""
        return _judged(name, hook_files.show(root, ours), kept, _shim_problem(root, slot, ours))
    calling = next((one for one in there if name in one.calls), None)
    if calling:
        return _through(slot, calling)
    if name in manager.called(hook_files.read(slot.path)):
        return Answer(name, "called", hook_files.show(root, slot.path))
    return _judged(name, hook_files.show(root, slot.path), "", _absent(root, slot))


def _judged(hook: str, file: str, runs: str, problem: Finding | None) -> Answer:
    state = problem.code.partition("/")[2] if problem else "installed"
    return Answer(hook, state, file, runs, problem)


def _shim_problem(root: Path, slot: Slot, ours: Path) -> Finding | None:
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


def _registered(root: Path, slot: Slot) -> Answer:
    """Return the answer of a hook that git's configuration names."""
    name, path = slot.event.name, hook_files.show(root, slot.path)
    if not hook_registry.is_supported(root):
        message = f"{hook_registry.too_old(root)} So {slot.event.command} is not checked."
        hint = "Install git 2.54 or newer, or run migrate-hooks install --via=native."
        return _judged(name, path, "", _finding("hook/git-too-old", message, path, hint))
    ours = slot.ours()
    problem = _shim_problem(root, slot, ours) if ours else _gone(slot, path)
    return _judged(name, path, "by git's configuration", problem)


def _gone(slot: Slot, path: str) -> Finding:
    message = (
        f"git's configuration names {path}, which is not there, so {slot.event.command} is not "
        "checked."
    )
    hint = f"Run migrate-hooks install --via={Way.GIT_CONFIG}."
    return _finding("hook/missing", message, path, hint)


def _through(slot: Slot, calling: Configured) -> Answer:
    """Return the answer of a hook at which a manager is told to call us."""
    name, file, event = slot.event.name, calling.file.name, slot.event
    through = f"through {calling.manager.name}"
    if not calling.runs(slot):
        return Answer(name, _NOT_INSTALLED, file)
    if event.caveat and calling.manager.name == Way.PRE_COMMIT:
        message = (
            f"{name} reaches us through {calling.program} alone, and that way it is {event.caveat}."
        )
        hint = f"{_AGAIN[:-1]}: our own {name} sees all of it, and the two get along."
        problem = _finding("hook/partial", message, file, hint, Severity.WARNING)
        return Answer(name, "partial", file, through, problem)
    if not shutil.which("migrate-hooks") and manager.has_ours(calling.text):
        message = f"{file} calls migrate-hooks, and it is not on PATH."
        problem = _finding("hook/no-interpreter", message, file, _PUT_ON_PATH)
        return _judged(name, file, through, problem)
    return Answer(name, "installed", file, through)


def _absent(root: Path, slot: Slot) -> Finding:
    path = hook_files.show(root, slot.path)
    nothing = f"so {slot.event.command} is not checked"
    elsewhere = _elsewhere(root, slot)
    if not hook_files.is_there(slot.path):
        message = f"{path} is not there, {nothing}.{elsewhere}"
        hint = _unwritable(slot) or _AGAIN
        return _finding("hook/missing", message, path, hint)
    message = f"{path} is somebody else's hook and does not run ours, {nothing}.{elsewhere}"
    return _finding("hook/foreign", message, path, f"{_AGAIN[:-1]}; the other hook keeps running.")


def _elsewhere(root: Path, slot: Slot) -> str:
    """Return where a hook of ours lies that git does not run any more, as a sentence."""
    usual = git.common_folder(root) / "hooks" / slot.event.name
    if usual != slot.path and hook_files.is_ours(usual):
        return (
            f" Ours is in {hook_files.show(root, usual)}, where git does not look: core.hooksPath "
            f"is {git.setting(root, 'core.hooksPath')}."
        )
    if hook_files.is_ours(slot.aside):
        return f" lefthook moved ours to {hook_files.show(root, slot.aside)}."
    if hook_files.is_there(slot.kept):
        return f" {hook_files.show(root, slot.kept)}, which ours ran first, does not run either."
    return ""


def _unwritable(slot: Slot) -> str:
    """Return what to do first where no hook can be written, or ""."""
    there = next(one for one in (slot.folder, *slot.folder.parents) if hook_files.is_there(one))
    if there.is_dir() and os.access(there, os.W_OK):
        return ""
    return f"Make {slot.folder} a folder that you may write to, then run migrate-hooks install."


def around(root: Path, answers: Sequence[Answer]) -> tuple[Finding, ...]:
    """Return what is wrong with no hook alone."""
    return tuple(filter(None, (_other_program(root, answers), _overwritten(root, answers))))


def _overwritten(root: Path, answers: Sequence[Answer]) -> Finding | None:
    """Return that lefthook will move hooks of ours aside, where it can."""
    found = [one for one in hook_ways.configured(root) if one.manager.name == Way.LEFTHOOK]
    native = [slot for slot in hook_ways.reachable(root) if slot.ours() == slot.path]
    if not found or not native or all(one.problem for one in answers):
        return None
    file = found[0].file.name
    return _finding(
        "hook/overwritten",
        f"{file} is here: whenever lefthook writes its hooks it moves ours aside, without a word.",
        file,
        f"Let lefthook call us: migrate-hooks install --via={Way.LEFTHOOK}.",
        Severity.WARNING,
    )


def _other_program(root: Path, answers: Sequence[Answer]) -> Finding | None:
    """Return that PATH, where it decides, leads to another version than this one."""
    program = shutil.which("migrate-hooks")
    if not program or not any(_needs_path(root, one) for one in answers):
        return None
    try:
        said = process.run([program, "--version"], timeout=5).stdout.decode("utf-8", "replace")
    except Failure:
        said = ""
    found = said.strip().rpartition(" ")[2]
    if found == __version__:
        return None
    return _finding(
        "hook/other-program",
        f"The hooks run {program}, which is {f'version {found}' if found else 'not working'}; this "
        f"is version {__version__}.",
        program,
        f"Install version {__version__} there, or put this one's folder first on PATH.",
        Severity.WARNING,
    )


def _needs_path(root: Path, one: Answer) -> bool:
    """Say whether what calls us looks for us on PATH, as our own lines for a manager do."""
    text = hook_files.read(root / one.file)
    found = shim.read(text)
    by_path = found is not None and not found.python
    return one.problem is None and (by_path or manager.has_ours(text))


def _finding(
    code: str, message: str, path: str, hint: str = _AGAIN, severity: Severity = Severity.CRITICAL
) -> Finding:
    return Finding(code, severity, message, FilePlace(path), hint)
