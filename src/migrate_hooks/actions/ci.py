"""`ci`: the gate of a push, where nobody can skip it, for what the CI service says happened."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from migrate_hooks.actions import ci_event, lint, outcome, pre_push
from migrate_hooks.actions.ci_event import Event
from migrate_hooks.config import branches
from migrate_hooks.errors import Exit, Refused
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.trigger import RefUpdate, Trigger
from migrate_hooks.outside import git

PATIENCE = 300_000
"""Milliseconds: no git connection waits here, so what takes longer than a push has may be asked."""

_REMOTE = "origin"


def run(
    settings: Settings,
    event: Event,
    say: Callable[[str], None],
) -> Report:
    """Judge what `event` brings to its branch as a push of it would be judged.

    A branch that stands for no environment has its new migrations linted. Raises Refused where the
    commits are not in this clone.
    """
    if not event.branch:
        note = f"{event.words} brings nothing to a branch, so there is nothing to judge."
        return Report("ci", Outcome.CLEAN, Exit.CLEAN, notes=(note,))
    base, head = _known(settings, event.base), _known(settings, event.head)
    patient = replace(settings, push=replace(settings.push, budget=PATIENCE))
    environment = branches.environment_of(settings, event.branch)
    if environment is None:
        return _linted(patient, event, base, head)
    ref = f"refs/heads/{event.branch}"
    trigger = Trigger("pre-push", (RefUpdate("HEAD", head, ref, base),), _REMOTE)
    found = pre_push.run(patient, trigger, say)
    return replace(
        found,
        action="ci",
        environment=environment.name,
        notes=(_sentence(event), *(found.notes or ("It brings no migrations.",))),
    )


def by_hand(settings: Settings, branch: str, base: str, head: str) -> Event:
    """Return the event of a person who names it; raises Refused for revisions that are not here."""
    return Event(
        "",
        f"{head} on top of {base}, for branch {branch}",
        branch,
        _known(settings, base),
        _known(settings, head),
    )


def event(variables: Mapping[str, str]) -> Event:
    """Return the event that a service's `variables` tell of; raises UsageProblem."""
    return ci_event.read(variables)


def _known(settings: Settings, revision: str | None) -> str | None:
    if revision is None:
        return None
    root = git.require_root(settings.root)
    found = git.resolve(root, revision)
    if found is None:
        raise Refused(
            f"Commit {revision} is not in this clone, so what is new cannot be told. Nothing was "
            "checked.",
            "Fetch the whole history: fetch-depth: 0 at actions/checkout, GIT_DEPTH: 0 in GitLab; "
            "by hand: git fetch --unshallow origin",
        )
    return found


def _linted(settings: Settings, event: Event, base: str | None, head: str | None) -> Report:
    findings = lint.pushed(settings, head, base) if head else ()
    ending, code = outcome.of(findings)
    note = f"Branch {event.branch} stands for no environment, so only lint was asked."
    return Report("ci", ending, code, findings=findings, notes=(_sentence(event), note))


def _sentence(event: Event) -> str:
    commits = f"{(event.base or 'nothing')[:12]} -> {(event.head or 'nothing')[:12]}"
    return f"{event.words}: {commits}."
