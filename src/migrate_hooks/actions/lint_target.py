"""The branch that lint judges against: what it has, and what this change makes of that."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.actions import texts
from migrate_hooks.config.branches import environment_of
from migrate_hooks.layouts import detect
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git, git_refs
from migrate_hooks.outside.files import FileText

_REMOTE, _LOCAL = "refs/remotes/origin/", "refs/heads/"


@dataclass(frozen=True, slots=True)
class Target:
    """The branch that this one deploys to, at `commit`, and `base`, where the two parted.

    `released` are its migrations, `departed` those of the base. `is_own` tells that it is the very
    branch that is checked out: what stands on it may still be amended, nobody else has it.
    """

    name: str
    commit: str
    base: str | None
    released: frozenset[str]
    departed: frozenset[str]
    is_own: bool = False

    @property
    def revision(self) -> str:
        """What to type to name its commit."""
        return self.commit[:12] if " " in self.name else self.name

    def lost(self, ours: Iterable[str]) -> frozenset[str]:
        """Return what this side had when the two parted, has no more, and the target still has."""
        return (self.departed & self.released) - frozenset(ours)


def of_branch(settings: Settings, folder: str) -> Target | None:
    """Return the branch to judge against: where the current one deploys to, or would first."""
    branch = git.current_branch(settings.root)
    current = environment_of(settings, branch)
    chain = [current] if current else list(settings.environments)
    refs = [
        ref for one in chain if one.branch for ref in (_REMOTE + one.branch, _LOCAL + one.branch)
    ]
    return _first(settings.root, folder, refs, "HEAD", _LOCAL + (branch or ""))


def of_new_branch(settings: Settings, folder: str, pushed: str) -> Target | None:
    """Return what a branch is judged against that the remote does not have yet.

    Any branch of the remote knows better than a local one, which may hold what is being pushed.
    """
    branches = [one.branch for one in settings.environments if one.branch]
    refs = [kind + branch for kind in (_REMOTE, _LOCAL) for branch in branches]
    return _first(settings.root, folder, refs, pushed, "")


def of_push(root: Path, folder: str, before: str) -> Target:
    """Return the branch that a push moves on from `before`: all that is there is to stay."""
    released = frozenset(migrations(git.list_tree(root, before, folder), folder))
    return Target("the remote branch", before, before, released, released)


def _first(
    root: Path, folder: str, refs: Sequence[str], ours: str, checked_out: str
) -> Target | None:
    tips = git_refs.tips(root, refs) if refs else {}
    ref = next((one for one in refs if one in tips), None)
    if ref is None:
        return None
    commit = tips[ref]
    head = git.resolve(root, ours)
    base = git.merge_base(root, head, commit) if head else None
    return Target(
        name=ref.removeprefix("refs/remotes/").removeprefix(_LOCAL),
        commit=commit,
        base=base,
        released=frozenset(migrations(git.list_tree(root, commit, folder), folder)),
        departed=frozenset(migrations(git.list_tree(root, base, folder), folder) if base else ()),
        is_own=ref == checked_out,
    )


def migrations(paths: Iterable[str], folder: str) -> tuple[str, ...]:
    """Return the SQL files that stand directly in `folder`, whatever they are called.

    Where a migration is a folder, its file of the name that its layout gives it counts, too.
    """
    return tuple(
        path for path in paths if path.lower().endswith(".sql") and detect.is_at_home(path, folder)
    )


def before(
    root: Path, target: Target, judged: Mapping[str, FileText], gone: Iterable[str]
) -> dict[str, tuple[FileText, ...]]:
    """Return how released files were that are `gone` or whose text is another one now.

    First as the target has it, then as both had it when they parted: what is equal to either was
    not edited here, and what came from the target by a merge was not either.
    """
    there = [path for path in judged if path in target.released]
    tip = texts.blobs(root, target.commit)([*there, *gone])
    was = [path for path in there if path in target.departed]
    parted = target.base not in (None, target.commit)
    old = texts.blobs(root, target.base or "")(was) if was and parted else {}
    versions = {path: tuple(each[path] for each in (tip, old) if path in each) for path in tip}
    return {path: found for path, found in versions.items() if _is_new_in(judged.get(path), found)}


def _is_new_in(ours: FileText | None, versions: Iterable[FileText]) -> bool:
    return ours is None or all(_plain(ours) != _plain(one) for one in versions)


def _plain(one: FileText) -> str:
    """Return the text as git keeps it, whatever it makes of line ends in a working tree."""
    return one.problem or one.text.replace("\r\n", "\n")
