"""Which branch stands for which environment."""

from collections.abc import Iterator

from migrate_hooks.model.environment import Environment
from migrate_hooks.model.settings import Settings


def environment_of(settings: Settings, branch: str | None) -> Environment | None:
    """Return the environment that `branch` (a short name) deploys to, or None."""
    if not branch:
        return None
    return next((one for one in settings.environments if one.branch == branch), None)


def branch_of_ref(ref: str) -> str | None:
    """Return the branch of a full ref such as refs/heads/staging, or None (tags, notes)."""
    return ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else None


def before(settings: Settings, environment: Environment) -> Environment | None:
    """Return the environment that migrations reach before this one, or None for the first."""
    chain = settings.environments
    if environment.after is not None:
        return next((one for one in chain if one.name == environment.after), None)
    place = [one.name for one in chain].index(environment.configured)
    return chain[place - 1] if place else None


def all_before(settings: Settings, environment: Environment) -> Iterator[Environment]:
    """Yield the environments that migrations reach before this one, the nearest first."""
    found = before(settings, environment)
    while found:
        yield found
        found = before(settings, found)
