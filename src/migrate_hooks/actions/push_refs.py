"""What a push takes away: a branch of an environment that is deleted, or written anew."""

from collections.abc import Mapping, Sequence

from migrate_hooks.actions import sources
from migrate_hooks.errors import Failure
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Applied
from migrate_hooks.model.migration import Migration, called
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git

_SHOWN = 5

Files = Mapping[str, Migration]
"""Migrations by their versions."""


def is_rewritten(settings: Settings, before: str | None, commit: str) -> bool:
    """Return whether a branch that stood at `before` loses commits by this push.

    git has refused what does not move a branch forward unless it was forced. A commit that this
    clone does not have is lost as well: what stands on it cannot be behind ours.
    """
    return before is not None and not git.is_ancestor(settings.root, before, commit)


def deleted(
    settings: Settings, environment: Environment, before: str | None, applied: Sequence[Applied]
) -> Finding:
    """Return what is to be said of the deletion of an environment's branch."""
    old = files(settings, before)
    gone = _names(old, [one.version.text for one in applied if one.version.text in old])
    branch, name = environment.branch, environment.name
    lost = f" It holds what {name} has applied: {gone}." if gone else ""
    if not environment.protected:
        return _finding(
            "push/deleted",
            environment,
            f"{branch} is deleted; nothing is deployed to {name} by that.{lost}",
            f"Push it again if that was a mistake: git push origin {before or branch}:"
            f"refs/heads/{branch}",
        )
    return _finding(
        "push/deleted",
        environment,
        f"{branch} is the branch of {name}, which is protected, and would be deleted: whoever "
        f"deploys or rolls back {name} needs its files.{lost}",
        f"Keep it. If it must go, first give {name} another branch in migrate-hooks.toml.",
    )


def rewritten(
    settings: Settings,
    environment: Environment,
    before: str,
    new: Files,
    applied: Sequence[Applied],
) -> Finding:
    """Return what is to be said of a branch that loses what stood at `before`."""
    if git.resolve(settings.root, before):
        lost = _lost(files(settings, before), new, [one.version.text for one in applied])
    else:
        lost = "it is not known which would vanish: this clone does not have those commits"
    branch, name = environment.branch, environment.name
    kind = ", which is protected," if environment.protected else ""
    return _finding(
        "push/rewritten",
        environment,
        f"This push writes {branch}, the branch of {name}{kind} anew: commits that stand there "
        f"would be gone. Of the migrations that {name} has applied, {lost}.",
        f"Put the change on top of what is there (git fetch, then git merge or git revert), and "
        f"push {branch} without --force.",
    )


def _lost(old: Files, new: Files, versions: Sequence[str]) -> str:
    gone = [each for each in versions if each in old and each not in new]
    other = [each for each in versions if each in old and each in new and _differs(old, new, each)]
    parts = [f"{_names(old, gone)} would vanish"] if gone else []
    parts += [f"{_names(old, other)} would have other SQL"] if other else []
    return " and ".join(parts) or "none would vanish or change"


def files(settings: Settings, commit: str | None) -> Files:
    """Return the migrations of a commit by version; none where this clone does not have it."""
    if commit is None or git.resolve(settings.root, commit) is None:
        return {}
    try:
        found = sources.from_commit(settings, commit)
    except Failure:  # it says nothing about what is pushed
        return {}
    return {one.version.text: one for one in found.migrations}


def _differs(old: Files, new: Files, version: str) -> bool:
    return (
        old[version].sha256 != new[version].sha256
        and old[version].checksum != new[version].checksum
    )


def _names(files: Files, versions: Sequence[str]) -> str:
    names = [called(files[each].path) for each in versions[:_SHOWN]]
    more = len(versions) - _SHOWN
    return ", ".join(names + ([f"{more} more"] if more > 0 else []))


def _finding(code: str, environment: Environment, message: str, hint: str) -> Finding:
    severity = Severity.CRITICAL if environment.protected else Severity.WARNING
    place = ObjectPlace.whole(environment.name)
    return Finding(code, severity, message, place, hint)
