"""What git says of the working tree that a plan was made from."""

from collections.abc import Sequence

from migrate_hooks.history.permission import Checkout
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.history import Step
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git

_MEANINGS = {"??": "is not tracked by git", "!!": "is ignored by git"}


def look(
    settings: Settings, environment: Environment, folder: str, steps: Sequence[Step]
) -> Checkout | None:
    """Return what git says, None outside of a repository."""
    root = settings.root
    if not (root / ".git").exists():
        return None
    branch = git.current_branch(root)
    tips = _tips(settings, environment)
    head = git.resolve(root, "HEAD") if branch is None and tips else None
    on_it = head is not None and any(git.is_ancestor(root, head, tip) for tip in tips)
    paths = [step.path for step in steps]
    return Checkout(branch, bool(tips), on_it, _uncommitted(settings, folder, paths))


def commit(settings: Settings) -> str | None:
    """Return the commit that is checked out, None where there is none."""
    is_repository = (settings.root / ".git").exists()
    return git.resolve(settings.root, "HEAD") if is_repository else None


def _tips(settings: Settings, environment: Environment) -> tuple[str, ...]:
    if not environment.branch:
        return ()
    refs = (f"refs/heads/{environment.branch}", f"refs/remotes/origin/{environment.branch}")
    return tuple(git.tips(settings.root, refs).values())


def _uncommitted(
    settings: Settings, folder: str, paths: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    found = git.uncommitted(settings.root, folder)
    folders = {path: state for path, state in found.items() if path.endswith("/")}
    told = []
    for path in paths:
        above = (state for place, state in folders.items() if path.startswith(place))
        state = found.get(path) or next(above, None)
        if state:
            told.append((path, _MEANINGS.get(state, "has changes that are not committed")))
    return tuple(told)
