"""The environments that a push is about, and those that migrations reach before them."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrate_hooks.actions.push_look import Look
from migrate_hooks.config import branches, targets
from migrate_hooks.errors import Failure, MissingDsn
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.trigger import RefUpdate, Trigger

if TYPE_CHECKING:
    from migrate_hooks.actions.drift_report import Comparison
    from migrate_hooks.actions.sources import Source

Refs = Mapping[str, str]
"""Commits (or tags) by the full names of refs."""


@dataclass(frozen=True, slots=True)
class Site:
    """One environment at a push.

    `update` is what is pushed to its branch, None where only another branch is; `commit` where its
    branch will stand, None where that is not known. What is asked of it begins when it is first
    asked for.
    """

    environment: Environment
    update: RefUpdate | None
    commit: str | None
    look: Look
    source: "Callable[[], Future[Source]]"
    drift: "Callable[[], Future[Comparison]]"


def pushed(settings: Settings, trigger: Trigger) -> dict[str, RefUpdate]:
    """Return what is pushed to branches of environments, by the environments' names.

    A remote without a name may be any: it counts.
    """
    if trigger.remote and settings.push.remotes and trigger.remote not in settings.push.remotes:
        return {}
    pairs = (
        (branches.environment_of(settings, branches.branch_of_ref(one.remote_ref)), one)
        for one in trigger.updates
    )
    return {found.name: one for found, one in pairs if found}


def tip(refs: Refs, trigger: Trigger, environment: Environment) -> str | None:
    """Return where the branch of an environment stands, or will: pushed now, or as last fetched."""
    name = f"refs/heads/{environment.branch}"
    for one in trigger.updates:
        if one.remote_ref == name:
            return one.local_oid
    known = [f"refs/remotes/{trigger.remote}/{environment.branch}"] if trigger.remote else [name]
    return next((refs[ref] for ref in known if ref in refs), None)


def before(
    settings: Settings, trigger: Trigger, refs: Refs, environment: Environment
) -> Environment | None:
    """Return the environment that migrations reach first, of those that are in use here.

    One without a branch and without a connection string is a word of the configuration alone.
    """
    for one in branches.all_before(settings, environment):
        if tip(refs, trigger, one) or is_configured(settings, one):
            return one
    return None


def is_configured(settings: Settings, environment: Environment) -> bool:
    """Return whether anybody said which database an environment has, right or wrong."""
    if environment.embedded:
        return True
    try:
        targets.target(settings, environment.name)
    except MissingDsn:
        return False
    except Failure:
        return True
    return True
