"""`install`: the way from git to us, beside what is there.

Everything is looked at before anything is written, so a refusal leaves all hooks as they were. A
way that was taken before and is not wanted any more is closed, so that nothing runs twice.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path

from migrate_hooks.actions import hook_edit, hook_files, hook_registry, hook_shims, hook_ways
from migrate_hooks.actions.hook_edit import Edit
from migrate_hooks.actions.hook_ways import Plan, Way
from migrate_hooks.errors import Exit
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.outside import git

Row = tuple[str, str, str]


def run(start: Path, via: str | None = None) -> Report:
    """Install every hook of the repository around `start`; `via` is a Way, None for what fits.

    Raises NotARepository, Refused when a hook cannot be kept or the way leads nowhere, CannotWrite.
    """
    root = git.require_root(start)
    plan = hook_ways.plan(root, Way(via) if via else hook_ways.fitting(root))
    for slot in plan.slots:
        hook_shims.refuse_second(root, slot)
    edits = hook_edit.plan(root, plan)
    strange = next((edit for edit in edits if edit.after is None), None)
    if strange:
        return _not_understood(root, plan, strange)
    rows = sorted((*_called(plan, edits), *_written(root, plan), *_left(root, plan)))
    hook_edit.carry_out(edits)
    closed = _close_others(root, plan)
    changed = closed or any(state in ("installed", "updated") for _, state, _ in rows)
    notes = _notes(root, plan, closed) if changed else _unchanged(root, plan)
    return Report(
        action="install",
        outcome=Outcome.CLEAN,
        exit_code=Exit.CLEAN,
        listings=(Listing("Git hooks", ("hook", "state", "file"), tuple(rows)),),
        notes=tuple(notes),
        body=hook_edit.shown(root, edits),
    )


def _not_understood(root: Path, plan: Plan, edit: Edit) -> Report:
    """Return the report that hands our lines over to a person, nothing changed."""
    file, name = edit.file.name, plan.way.value
    return Report(
        action="install",
        outcome=Outcome.REFUSED,
        exit_code=Exit.FINDINGS,
        notes=(
            f"{hook_files.show(root, edit.file)} is written in a way that we do not understand "
            f"well enough to add to it, so nothing was changed. Put the lines above into it, where "
            f"{name} expects them; `migrate-hooks install --check` then says whether all is well.",
        ),
        body=edit.configured.manager.block(plan.called, file),
    )


def _called(plan: Plan, edits: Sequence[Edit]) -> list[Row]:
    """Return the rows of the hooks at which a manager calls us."""
    if plan.configured is None:
        return []
    file = plan.configured.file.name
    fresh = any(edit.file == plan.configured.file and edit.is_change for edit in edits)
    there = plan.configured.calls
    return [
        (event.name, _state(fresh=fresh, is_there=event.name in there), file)
        for event in plan.called
    ]


def _state(*, fresh: bool, is_there: bool) -> str:
    if not fresh:
        return "unchanged"
    return "updated" if is_there else "installed"


def _written(root: Path, plan: Plan) -> list[Row]:
    rows = []
    for slot in plan.slots:
        state, file = hook_shims.put(root, slot)
        if plan.way is Way.GIT_CONFIG and not hook_registry.is_entered(root, slot.event.name):
            hook_registry.enter(root, slot.event.name)
            state = "installed" if state == "unchanged" else state
        rows.append((slot.event.name, state, file))
    return rows


def _left(root: Path, plan: Plan) -> list[Row]:
    """Return the rows of the hooks that a configuration has, written by a person."""
    files = {name: one.file.name for one in hook_ways.configured(root) for name in one.by_hand}
    return [(event.name, "there already", files[event.name]) for event in plan.left]


def _close_others(root: Path, plan: Plan) -> list[str]:
    """Take out what an earlier install by another way wrote; return sentences about that."""
    said = []
    for slot in hook_ways.others(root, plan):
        state, _ = hook_shims.take(root, slot)
        said.append(f"{hook_files.show(root, slot.path)}: {state}, {plan.way} calls us now.")
    if plan.way is not Way.GIT_CONFIG:
        for slot in hook_registry.slots(root):
            hook_registry.leave(root, slot.event.name)
        hook_registry.remove_folder(root)
    return said


def _unchanged(root: Path, plan: Plan) -> list[str]:
    return ["Nothing changed: every hook was there.", *_to_type(root, plan)]


def _notes(root: Path, plan: Plan, closed: Sequence[str]) -> list[str]:
    commands = sorted({*(slot.event.command for slot in plan.slots), *_commands(plan)})
    return [
        *closed,
        *hook_shims.notes(root, plan.slots),
        *_about_manager(plan),
        *_to_type(root, plan),
        f"From now on they run at {', '.join(commands)}.",
    ]


def _commands(plan: Plan) -> set[str]:
    return {event.command for event in (*plan.called, *plan.left)}


def _about_manager(plan: Plan) -> list[str]:
    if plan.configured is None:
        return []
    here = "" if shutil.which("migrate-hooks") else ", which it is not here"
    return [
        f"{plan.way} runs the migrate-hooks that is on PATH{here}, on every machine: commit "
        f"{plan.configured.file.name}."
    ]


def _to_type(root: Path, plan: Plan) -> list[str]:
    """Return the command that is still missing: the manager has to write its own hooks."""
    one = plan.configured
    if one is None:
        return []
    called = {event.name for event in (*plan.called, *plan.left)}
    lacking = [
        slot.event.name
        for slot in hook_ways.reachable(root)
        if slot.event.name in called and not one.runs(slot)
    ]
    words = one.manager.command(one.program, lacking)
    return [f"Now let it write its hooks: {words}"] if lacking else []
