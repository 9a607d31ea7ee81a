"""What git says of the working tree that a plan was made from."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from migrate_hooks.history.branch_guard import Checkout
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.history import Step
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git, git_refs

_MEANINGS = {"??": "is not tracked by git", "!!": "is ignored by git"}


def look(
    settings: Settings, environment: Environment, folder: str = "", steps: Sequence[Step] = ()
) -> Checkout | None:
    """Return what git says, None outside of a repository.

    `folder` holds the migrations, relative to the root; `steps` are those that would run.
    """
    root = settings.root
    if not (root / ".git").exists():
        return None
    branch = git.current_branch(root)
    tips = _tips(settings, environment)
    head = git.resolve(root, "HEAD") if tips else None
    detached = head if branch is None else None
    on_it = detached is not None and any(
        git.is_ancestor(root, detached, tip) for tip in tips.values()
    )
    paths = [step.path for step in steps]
    found = Checkout(branch, bool(tips), on_it, _uncommitted(settings, folder, paths))
    at_origin = tips.get(_origin(environment))
    if branch != environment.branch or head is None or at_origin in (None, head):
        return found
    return replace(
        found,
        lacking=_lacking(root, folder, head, str(at_origin)),
        unpushed=_unpushed(root, folder, paths, str(at_origin)),
    )


def _lacking(root: Path, folder: str, head: str, at_origin: str) -> tuple[str, ...]:
    """Return the migrations that origin's branch has brought since both were one."""
    base = git.merge_base(root, head, at_origin)
    if base in (None, at_origin) or not folder:
        return ()
    changes = git.changes_between(root, str(base), at_origin, folder)
    return tuple(one.path for one in changes if one.path.endswith(".sql"))


def _unpushed(root: Path, folder: str, paths: Sequence[str], at_origin: str) -> tuple[str, ...]:
    """Return those of `paths` that origin's branch does not have as they are in HEAD."""
    if not paths:
        return ()
    changed = {one.path for one in git.changes_between(root, at_origin, "HEAD", folder)}
    return tuple(path for path in paths if path in changed)


def commit(settings: Settings) -> str | None:
    """Return the commit that is checked out, None where there is none."""
    is_repository = (settings.root / ".git").exists()
    return git.resolve(settings.root, "HEAD") if is_repository else None


def _origin(environment: Environment) -> str:
    return f"refs/remotes/origin/{environment.branch}"


def _tips(settings: Settings, environment: Environment) -> dict[str, str]:
    if not environment.branch:
        return {}
    return git_refs.tips(settings.root, (f"refs/heads/{environment.branch}", _origin(environment)))


def _uncommitted(
    settings: Settings, folder: str, paths: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    if not paths:
        return ()
    found = git.uncommitted(settings.root, folder)
    folders = {path: state for path, state in found.items() if path.endswith("/")}
    told = []
    for path in paths:
        above = (state for place, state in folders.items() if path.startswith(place))
        state = found.get(path) or next(above, None)
        if state:
            told.append((path, _MEANINGS.get(state, "has changes that are not committed")))
    return tuple(told)
