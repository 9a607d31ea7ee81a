"""What one run of `lint` judges, and what it has to know beside it."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.actions import lint_past, lint_target, texts
from migrate_hooks.actions.lint_shared import NO_CROSSING, Crossing
from migrate_hooks.actions.lint_target import Target, migrations
from migrate_hooks.errors import UsageProblem
from migrate_hooks.layouts.base import version
from migrate_hooks.layouts.detect import SAMPLE
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import amount
from migrate_hooks.outside import files, git
from migrate_hooks.outside.files import FileText
from migrate_hooks.outside.git import FileChange


@dataclass(frozen=True, slots=True)
class Scope:
    """What to judge: {path: text}; the rest is what it is judged against.

    `siblings` are texts of unreleased migrations that are not judged, `known` the paths of all
    migrations, `released` those on the branch `target`, None where there is no such branch.
    `past` are texts of other migrations that tell what the tables are like which the judged ones
    change; `crossing` is where this change meets what others have. `sample` are texts of the
    folder's newest files, judged or not. `sentence` says what was judged. `tree` is the commit that
    is judged, "" for the index, None for the disk.
    """

    judged: Mapping[str, FileText]
    siblings: Mapping[str, FileText]
    known: tuple[str, ...]
    released: frozenset[str] | None
    target: str
    crossing: Crossing
    past: Mapping[str, FileText]
    sample: tuple[str, ...]
    sentence: str
    tree: str | None


@dataclass(frozen=True, slots=True)
class _Side:
    """The tree that is judged: its migrations, and what reads them."""

    root: Path
    folder: str
    ours: tuple[str, ...]
    read: texts.Reader
    tree: str | None

    def present(self, changes: Iterable[FileChange]) -> tuple[str, ...]:
        """Return the migrations of this side that `changes` are about."""
        there = set(self.ours)
        return tuple(sorted({one.path for one in changes if one.path in there}))

    def gone(self, changes: Iterable[FileChange]) -> tuple[str, ...]:
        """Return the migrations that `changes` take away, by deleting or by renaming them."""
        paths = {one.path if one.status == "D" else one.old_path or "" for one in changes}
        return tuple(sorted(set(migrations(paths, self.folder)) - set(self.ours)))


def choose(
    settings: Settings,
    folder: str,
    named: Sequence[str],
    staged: bool,
    since: str | None,
    everything: bool,
) -> Scope:
    """Return what the words of the command line ask for; `folder` holds the migrations.

    Raises UsageProblem for words that exclude each other, a file or revision that is not there.
    """
    _refuse_contradictions(named, staged, since, everything)
    root = settings.root
    if staged or since is not None:
        git.require_root(root)
    target = lint_target.of_branch(settings, folder) if git.find_root(root) else None
    if staged:
        return _staged(root, folder, named, target)
    side = _on_disk(root, folder)
    if named:
        return _named(side, named, target)
    return _worktree(side, since, everything, target)


def pushed(settings: Settings, folder: str, commit: str, before: str | None) -> Scope:
    """Return the scope of a push: what `commit` adds to or changes in what `before` had."""
    root = settings.root
    ours = migrations(git.list_tree(root, commit, folder), folder)
    side = _Side(root, folder, ours, texts.blobs(root, commit), commit)
    start = git.resolve(root, before) if before else None
    if start is None:
        fresh = lint_target.of_new_branch(settings, folder, commit)
        changed = tuple(path for path in ours if not fresh or path not in fresh.released)
        gone = tuple(sorted(fresh.lost(ours))) if fresh else ()
        return _scope(side, changed, gone, fresh, "pushed")
    target = lint_target.of_push(root, folder, start)
    changes = git.changes_between(root, start, commit, folder)
    gone = tuple(sorted(target.lost(ours)))
    return _scope(side, side.present(changes), gone, target, "pushed")


def piped(settings: Settings, folder: str, name: str, data: bytes) -> Scope:
    """Return the scope of one text that is not saved yet, judged as if it stood at `name`."""
    root = settings.root
    path = _relative(root, name)
    text = files.decode(path, data)
    on_disk = texts.disk(root)

    def read(paths: Iterable[str]) -> dict[str, FileText]:
        wanted = tuple(paths)
        found = on_disk(one for one in wanted if one != path)
        return {one: text if one == path else found[one] for one in wanted}

    target = lint_target.of_branch(settings, folder) if git.find_root(root) else None
    ours = migrations(files.list_files(root, folder), folder)
    return _scope(_Side(root, folder, ours, read, None), (path,), (), target, "piped")


def _refuse_contradictions(
    named: Sequence[str], staged: bool, since: str | None, everything: bool
) -> None:
    asked = [
        word
        for word, is_there in (
            ("--staged", staged),
            ("--since", since is not None),
            ("--all", everything),
            ("FILES", bool(named) and not staged),
        )
        if is_there
    ]
    if len(asked) > 1:
        raise UsageProblem(
            f"{' and '.join(asked)} exclude each other: each says what to judge.",
            f"Keep one of them, for example `migrate-hooks lint {asked[0]}`.",
        )


def _on_disk(root: Path, folder: str) -> _Side:
    ours = migrations(files.list_files(root, folder), folder)
    return _Side(root, folder, ours, texts.disk(root), None)


def _staged(root: Path, folder: str, named: Sequence[str], target: Target | None) -> Scope:
    ours = migrations(git.list_index(root, folder), folder)
    side = _Side(root, folder, ours, texts.blobs(root), "")
    changes = git.staged_changes(root, folder)
    changed, gone = side.present(changes), side.gone(changes)
    if named:
        wanted = {_relative(root, name) for name in named}
        changed = tuple(path for path in changed if path in wanted)
        gone = tuple(path for path in gone if path in wanted)
    return _scope(side, changed, gone, target, "staged")


def _worktree(side: _Side, since: str | None, everything: bool, target: Target | None) -> Scope:
    start, word = (target.base if target else None), "new"
    if since is not None:
        start, word = git.resolve(side.root, since), f"changed since {since}"
        if start is None:
            raise UsageProblem(
                f"--since {since}: there is no such commit.",
                "Name a branch, a tag or a commit, for example `--since HEAD~1`.",
            )
    if everything or start is None:
        gone = tuple(sorted(target.lost(side.ours))) if target else ()
        return _scope(side, side.ours, gone, target, "")
    changes = git.changes_since(side.root, start, side.folder)
    return _scope(side, side.present(changes), side.gone(changes), target, word)


def _named(side: _Side, named: Sequence[str], target: Target | None) -> Scope:
    """Return the scope of files named by hand, or handed over by the pre-commit framework.

    The framework names no file that a commit deletes, so git is asked for those.
    """
    root = side.root
    paths = tuple(dict.fromkeys(path for name in named for path in _expanded(root, name)))
    gone: tuple[str, ...] = ()
    if os.environ.get("PRE_COMMIT"):
        paths = tuple(path for path in paths if path in set(side.ours))
        gone = side.gone(git.staged_changes(root, side.folder)) if target else ()
    return _scope(side, paths, gone, target, "named")


def _expanded(root: Path, name: str) -> tuple[str, ...]:
    """Return the paths that one word stands for: a file, or the SQL files of a folder."""
    place = Path(name)
    path = _relative(root, name)
    if place.is_dir():
        return migrations(files.list_files(root, path), path)
    if not place.is_file() and not place.is_symlink():
        raise UsageProblem(
            f"{name} is not there.",
            "Check the spelling, or run `migrate-hooks lint` without a name to judge what is new.",
        )
    return (path,)


def _relative(root: Path, name: str) -> str:
    """Return `name` relative to `root` (links of the file itself unread), or whole if outside."""
    place = Path(os.path.realpath(Path(name).parent), Path(name).name)
    if name in {".", ".."} or Path(name).is_dir():
        place = Path(name).resolve()
    base = root.resolve()
    return place.relative_to(base).as_posix() if place.is_relative_to(base) else place.as_posix()


def _scope(
    side: _Side,
    judged: tuple[str, ...],
    gone: tuple[str, ...],
    target: Target | None,
    word: str,
) -> Scope:
    ours = side.ours
    released = _released(target, ours) if target else None
    fresh = [path for path in ours if released is not None and path not in released]
    known = set(ours) | set(judged)
    if target:  # a file that this branch deleted or renamed is no twin of its new name
        known |= target.released - (target.departed - set(ours))
    found = side.read(judged)
    gone = tuple(path for path in gone if target and path in target.lost(ours))
    return Scope(
        judged=found,
        siblings=side.read(path for path in fresh if path not in judged),
        known=tuple(sorted(known)),
        released=released,
        target=target.name if target else "",
        crossing=_crossing(side.root, target, found, gone),
        past=lint_past.read(side.read, ours, found),
        sample=tuple(one.text for one in side.read(sorted(ours)[-SAMPLE:]).values()),
        sentence=_sentence(judged, len(set(ours) - set(judged)), target, word),
        tree=side.tree,
    )


def _crossing(
    root: Path, target: Target | None, judged: Mapping[str, FileText], gone: tuple[str, ...]
) -> Crossing:
    if target is None or target.is_own:
        return NO_CROSSING
    return Crossing(target.revision, lint_target.before(root, target, judged, gone), gone)


def _released(target: Target, ours: Sequence[str]) -> frozenset[str]:
    """Return what is no news: what the target has, or had, or has under the same version."""
    versions = {version(path) for path in target.lost(ours)} - {None}
    moved = {path for path in ours if version(path) in versions}
    return target.released | (target.departed & set(ours)) | moved


def _sentence(judged: Sequence[str], others: int, target: Target | None, word: str) -> str:
    count = len(judged)
    what = amount(count, f"{word} migration".lstrip())
    if word.startswith("changed"):
        what = f"{amount(count, 'migration')} {word}"
    against = f" against {target.name}" if target else ""
    rest = f"; {amount(others, 'other')} not judged" if others else ""
    return f"Judged {what}{against}{rest}."
