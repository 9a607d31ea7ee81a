"""Hooks that git's own configuration names, beside whatever lies in its folder of hooks.

git 2.54 learned `hook.<name>.event` and `hook.<name>.command`. Such a hook needs no file among
git's own, so no manager can write over it, and core.hooksPath does not count. The command is a shim
as any other, in a folder of ours inside the repository.
"""

from pathlib import Path

from migrate_hooks.actions.hook_files import Slot
from migrate_hooks.errors import Refused
from migrate_hooks.events.base import every
from migrate_hooks.outside import git, git_config

OLDEST = (2, 54)
FOLDER = "migrate-hooks"
_PREFIX = "hook.migrate-hooks-"


def slots(root: Path) -> tuple[Slot, ...]:
    """Return the place of every shim that the configuration may name."""
    folder = git.common_folder(root) / FOLDER
    return tuple(Slot(event, folder) for event in every())


def section(hook: str) -> str:
    """Return the section of git's configuration for one hook."""
    return f"{_PREFIX}{hook}"


def command(hook: str) -> str:
    """Return the words that git gives to sh; they hold wherever the repository is moved."""
    return f'"$(git rev-parse --git-common-dir)/{FOLDER}/{hook}"'


def entries(root: Path) -> dict[str, str]:
    """Return what the repository's configuration says about our hooks, by its keys."""
    return git_config.local(root, _PREFIX)


def is_entered(root: Path, hook: str) -> bool:
    """Say whether git is told to run our shim at a hook."""
    found = entries(root)
    wanted = {"event": hook, "command": command(hook)}
    is_off = found.get(f"{section(hook)}.enabled", "true").lower() in ("false", "no", "off", "0")
    right = all(found.get(f"{section(hook)}.{key}") == value for key, value in wanted.items())
    return right and not is_off


def enter(root: Path, hook: str) -> None:
    """Tell git to run our shim at a hook."""
    leave(root, hook)
    git_config.write(root, f"{section(hook)}.event", hook)
    git_config.write(root, f"{section(hook)}.command", command(hook))


def leave(root: Path, hook: str) -> bool:
    """Take back what git was told; return whether it was told anything."""
    there = any(name.startswith(f"{section(hook)}.") for name in entries(root))
    if there:
        git_config.remove_section(root, section(hook))
    return there


def is_supported(root: Path) -> bool:
    """Say whether the git that answers here knows hooks of its configuration."""
    return git_config.version(root) >= OLDEST


def require_git(root: Path) -> None:
    """Raise Refused where git is too old."""
    if not is_supported(root):
        raise Refused(
            too_old(root),
            "Install git 2.54 or newer, or let us write files: migrate-hooks install --via=native",
        )


def too_old(root: Path) -> str:
    """Return the sentence that says which git is here."""
    here = ".".join(map(str, git_config.version(root)))
    return f"git {here} does not know hooks of its configuration; they came with git 2.54."


def remove_folder(root: Path) -> None:
    """Remove the folder of the shims once nothing is in it."""
    folder = git.common_folder(root) / FOLDER
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
