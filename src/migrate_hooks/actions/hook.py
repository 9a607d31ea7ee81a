"""What happens when a hook is called: first the hook that was there before, then our verbs."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from migrate_hooks.actions import hook_files, outcome
from migrate_hooks.errors import Exit, Failure, GitProblem, NoMigrationsFolder
from migrate_hooks.events import base, framework
from migrate_hooks.events.base import GitEvent
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.trigger import Trigger
from migrate_hooks.outside import git, process

SKIP = "MIGRATE_HOOKS_SKIP"
"""The variable of the shell that names hooks to leave out."""

Decide = Callable[[], Settings]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Call:
    """How a hook was called.

    `shim` is the file of ours that git ran; without it (a hook manager, a script) nobody but the
    caller runs what was there before us. `variables` are those of the process.
    """

    hook: str
    args: tuple[str, ...] = ()
    stdin: bytes = b""
    shim: Path | None = None
    variables: Mapping[str, str] = field(default_factory=dict)


def run(settings: Decide, call: Call, say: Say) -> Report:
    """Run one hook; the settings are decided only when there is something to look at.

    Raises a Failure only where git heeds the exit code; elsewhere it becomes the report.
    """
    event = base.by_name(call.hook)
    try:
        report = _stopped(event, call) or _verbs(event, settings, call, say)
    except NoMigrationsFolder:
        return _silent(f"hook {event.name}")
    except Failure as failure:
        if event.blocks:
            raise
        return _shrug(event, failure)
    return report if event.blocks else replace(report, exit_code=Exit.CLEAN)


def _verbs(event: GitEvent, settings: Decide, call: Call, say: Say) -> Report:
    """Run the verbs until one does not end clean, unless the hook is to be left out."""
    trigger = _trigger(event, call)
    if call.variables.get(SKIP):
        from migrate_hooks.actions import bypass

        if bypass.is_asked(event, call.variables):
            return bypass.report(event, trigger, call.variables)
    report = _silent(f"hook {event.name}")
    for verb in event.verbs:
        report = _VERBS[verb](settings, trigger, say)
        if report.exit_code != Exit.CLEAN:
            break
    return report


def _trigger(event: GitEvent, call: Call) -> Trigger:
    told = None if call.args or call.stdin else framework.trigger(event.name, call.variables)
    return told or event.read(call.args, call.stdin)


def _stopped(event: GitEvent, call: Call) -> Report | None:
    """Run the hook that was here before ours; return the report when that one says no."""
    command = _previous(call)
    code = process.hand_over([*command, *call.args], call.stdin) if command else 0
    if code == 0 or not event.blocks:
        return None
    message = (
        f"{command[-1]}, the hook that was here before migrate-hooks, ended with code {code}. "
        f"So this {event.command} stops, and the migrations were not looked at."
    )
    hint = "Mend what it complains about above; it runs first and unchanged."
    finding = Finding("hook/previous", Severity.CRITICAL, message, hint=hint)
    return Report(f"hook {event.name}", Outcome.REFUSED, Exit.FINDINGS, findings=(finding,))


def _previous(call: Call) -> tuple[str, ...]:
    """Return the command that runs the previous hook, empty when there is none to run."""
    if call.shim is None:
        return ()
    shim = call.shim.absolute()
    kept = shim.with_name(call.hook + hook_files.KEPT)
    if shim.suffix == hook_files.LEGACY and hook_files.is_framework(kept):
        return ()  # it is the framework that runs us
    if hook_files.is_husky(shim.parent) and kept.is_file():
        return ("sh", "-e", str(kept))
    return (str(kept),) if kept.is_file() and os.access(kept, os.X_OK) else ()


def is_silent(report: Report) -> bool:
    """Say whether a report holds nothing at all for anybody to read."""
    return report == _silent(report.action)


def _silent(action: str) -> Report:
    return Report(action, Outcome.CLEAN, Exit.CLEAN)


def _shrug(event: GitEvent, failure: Failure) -> Report:
    finding = outcome.finding(failure, Severity.WARNING)
    return Report(f"hook {event.name}", Outcome.UNCHECKED, Exit.CLEAN, findings=(finding,))


def _lint(settings: Decide, trigger: Trigger, _say: Say) -> Report:
    """Lint what is staged; most commits touch no SQL, and they must not wait for a linter."""
    clean = _silent(f"hook {trigger.hook}")
    if not any(path.lower().endswith(".sql") for path in _staged(Path.cwd())):
        return clean
    from migrate_hooks.actions import lint

    report = lint.run(settings(), (), True, None, False)
    # Nobody can say --verbose to a commit, so INFO alone would be a sentence about nothing.
    told = any(one.severity is not Severity.INFO for one in report.findings)
    return report if told else clean


def _merge_commit(settings: Decide, trigger: Trigger, _say: Say) -> Report:
    """Judge a merge; one that brings no SQL passes as quickly as a commit without any."""
    clean = _silent(f"hook {trigger.hook}")
    if not any(path.lower().endswith(".sql") for path in _staged(Path.cwd())):
        return clean
    from migrate_hooks.actions import merge_commit

    report = merge_commit.run(settings())
    told = any(one.severity is not Severity.INFO for one in report.findings)
    return report if told else clean


def _staged(root: Path) -> tuple[str, ...]:
    """Return the staged paths; git is asked where we are only when it cannot tell them."""
    try:
        return git.staged_paths(root)
    except GitProblem:
        git.require_root(root)
        raise


def _pre_push(settings: Decide, trigger: Trigger, say: Say) -> Report:
    from migrate_hooks.actions import pre_push

    return pre_push.run(settings(), trigger, say)


def _post_merge(settings: Decide, trigger: Trigger, say: Say) -> Report:
    from migrate_hooks.actions import post_merge

    return post_merge.run(settings(), trigger, say)


def _post_rewrite(settings: Decide, trigger: Trigger, say: Say) -> Report:
    from migrate_hooks.actions import post_rewrite

    return post_rewrite.run(settings(), trigger, say)


def _post_checkout(settings: Decide, trigger: Trigger, say: Say) -> Report:
    """Tell what a checkout changed; one of single files moves nobody to other migrations."""
    if trigger.deed == "files":
        return _silent(f"hook {trigger.hook}")
    from migrate_hooks.actions import post_checkout

    return post_checkout.run(settings(), trigger, say)


_VERBS: dict[str, Callable[[Decide, Trigger, Say], Report]] = {
    "lint": _lint,
    "merge-commit": _merge_commit,
    "pre-push": _pre_push,
    "post-checkout": _post_checkout,
    "post-merge": _post_merge,
    "post-rewrite": _post_rewrite,
}
