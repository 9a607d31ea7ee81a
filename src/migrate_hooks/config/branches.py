"""Which branch stands for which environment."""

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
    """Return the environment before this one in the chain, or None for the first."""
    place = settings.environments.index(environment)
    return settings.environments[place - 1] if place else None
