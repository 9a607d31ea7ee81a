"""The files around one git hook: ours, the one that was there before, and where both belong.

`install` keeps a hook that it finds by moving it to `<hook>.before-migrate-hooks`; ours runs it
first. The pre-commit framework does the same to ours: it moves it to `<hook>.legacy` and runs it.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.errors import Refused
from migrate_hooks.events import framework, shim
from migrate_hooks.events.base import GitEvent, every
from migrate_hooks.outside import git

KEPT = ".before-migrate-hooks"
LEGACY = ".legacy"
ASIDE = ".old"


@dataclass(frozen=True, slots=True)
class Slot:
    """One hook's place in a hooks folder."""

    event: GitEvent
    folder: Path

    @property
    def path(self) -> Path:
        """The file that git runs."""
        return self.folder / self.event.name

    @property
    def legacy(self) -> Path:
        """The file that a framework runs first when it has taken `path`."""
        return self.folder / (self.event.name + LEGACY)

    @property
    def kept(self) -> Path:
        """The file that was at `path` before ours."""
        return self.folder / (self.event.name + KEPT)

    @property
    def aside(self) -> Path:
        """The file to which lefthook moves what it finds at `path`."""
        return self.folder / (self.event.name + ASIDE)

    def ours(self) -> Path | None:
        """Return where our shim is and gets run, or None."""
        if is_ours(self.path):
            return self.path
        if is_framework(self.path) and is_ours(self.legacy):
            return self.legacy
        return None


def slots(root: Path) -> tuple[Slot, ...]:
    """Return the place of every hook. Raises Refused when it is not this repository's own."""
    folder = _folder(root)
    return tuple(Slot(event, folder) for event in every())


def is_there(file: Path) -> bool:
    """Say whether there is anything at `file`, a link to nowhere included."""
    return os.path.lexists(file)


def is_ours(file: Path) -> bool:
    """Say whether `file` is a shim of ours."""
    return shim.is_shim(read(file))


def is_framework(file: Path) -> bool:
    """Say whether `file` belongs to pre-commit or prek, which run `<hook>.legacy` first."""
    return framework.is_runner(read(file))


def is_husky(folder: Path) -> bool:
    """Say whether husky runs the files of `folder`: with `sh -e`, executable or not."""
    return (folder / "_" / "h").is_file()


def is_husky_active(root: Path) -> bool:
    """Say whether git runs husky's folder in the repository."""
    folder = git.hooks_folder(root)
    return folder.name == "_" and is_husky(folder.parent)


def is_shared(root: Path, folder: Path) -> bool:
    """Say whether the hooks of `folder` travel with the files of the repository."""
    own = git.common_folder(root).resolve()
    real = Path(os.path.realpath(folder))  # a link may lead in a circle
    trees = (root.resolve(), own.parent if own.name == ".git" else own)
    return any(real.is_relative_to(tree) for tree in trees) and not real.is_relative_to(own)


def read(file: Path) -> str:
    """Return a hook's text; "" where there is none that can be read."""
    try:
        return file.read_text("utf-8", "surrogateescape")
    except OSError:
        return ""


def read_exactly(file: Path) -> str:
    """Return a text with its own line ends; "" where there is none that can be read."""
    try:
        return file.read_bytes().decode("utf-8", "surrogateescape")
    except OSError:
        return ""


def show(root: Path, file: Path) -> str:
    """Return how to write `file` in a message: from the repository's root where it is inside."""
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)


def _folder(root: Path) -> Path:
    folder = git.hooks_folder(root)
    _refuse_strange(root, folder)
    # husky fills its `_` anew at every installation; what people write lives beside it.
    return folder.parent if folder.name == "_" and is_husky(folder.parent) else folder


def _refuse_strange(root: Path, folder: Path) -> None:
    common = git.common_folder(root).resolve()
    # A relative core.hooksPath counts from each worktree, an absolute one may name the main one.
    own = (root.resolve(), common, common.parent if common.name == ".git" else common)
    real = Path(os.path.realpath(folder))  # which does not stumble over a loop of links
    if any(real.is_relative_to(place) for place in own):
        return
    raise Refused(
        f"core.hooksPath sends git to {folder}, outside of this repository: a hook written there "
        "would run in every repository that uses that folder.",
        f"Give this repository hooks of its own with `git config core.hooksPath {common}/hooks` "
        f"(those in {folder} then no longer run here), or call `migrate-hooks hook pre-push "
        f'"$@"` from {folder / "pre-push"} yourself, and likewise for the other hooks. With git '
        "2.54 or newer neither is needed: migrate-hooks install --via=git-config",
    )
