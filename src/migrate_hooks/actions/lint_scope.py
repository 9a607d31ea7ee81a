"""What one run of `lint` judges, and what it has to know beside it."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from migrate_hooks.actions import lint_past, texts
from migrate_hooks.config.branches import environment_of
from migrate_hooks.errors import UsageProblem
from migrate_hooks.layouts.detect import SAMPLE
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import files, git
from migrate_hooks.outside.files import FileText


@dataclass(frozen=True, slots=True)
class Scope:
    """What to judge: {path: text}; the rest is what it is judged against.

    `siblings` are texts of unreleased migrations that are not judged, `known` the paths of all
    migrations, `released` those on the branch `target`, None where there is no such branch.
    `past` are texts of other migrations that tell what the tables are like which the judged ones
    change. `sample` are texts of the folder's newest files, judged or not. `sentence` says what was
    judged.
    """

    judged: Mapping[str, FileText]
    siblings: Mapping[str, FileText]
    known: tuple[str, ...]
    released: frozenset[str] | None
    target: str
    past: Mapping[str, FileText]
    sample: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class _Target:
    """The branch that this one deploys to: its name, its migrations, and those it came from."""

    name: str
    base: str | None
    released: frozenset[str]
    departed: frozenset[str]


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
    target = _target(settings, folder) if git.find_root(root) else None
    if staged:
        return _staged(root, folder, named, target)
    if named:
        return _named(root, folder, named, target)
    return _worktree(root, folder, since, everything, target)


def pushed(settings: Settings, folder: str, commit: str, before: str | None) -> Scope:
    """Return the scope of a push: what `commit` adds to or changes in what `before` had."""
    root = settings.root
    ours = _migrations(git.list_tree(root, commit, folder), folder)
    start = git.resolve(root, before) if before else None
    if start is None:
        target = _target_of_new_branch(settings, folder, commit)
        changed = tuple(path for path in ours if not target or path not in target.released)
    else:
        target = _read_target(root, folder, "the remote branch", start, commit)
        changes = git.changes_between(root, start, commit, folder)
        present = set(ours)
        changed = tuple(sorted(one.path for one in changes if one.path in present))
    return _scope(ours, changed, texts.blobs(root, commit), target, "pushed")


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

    target = _target(settings, folder) if git.find_root(root) else None
    ours = _migrations(files.list_files(root, folder), folder)
    return _scope(ours, (path,), read, target, "piped")


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


def _target(settings: Settings, folder: str) -> _Target | None:
    """Return the branch to judge against: where the current one deploys to, or would first."""
    current = environment_of(settings, git.current_branch(settings.root))
    chain = [current] if current else list(settings.environments)
    refs = [
        ref for one in chain if one.branch for ref in (_REMOTE + one.branch, _LOCAL + one.branch)
    ]
    return _first_target(settings.root, folder, refs, "HEAD")


def _target_of_new_branch(settings: Settings, folder: str, pushed: str) -> _Target | None:
    """Return what a branch is judged against that the remote does not have yet.

    Any branch of the remote knows better than a local one, which may hold what is being pushed.
    """
    branches = [one.branch for one in settings.environments if one.branch]
    refs = [kind + branch for kind in (_REMOTE, _LOCAL) for branch in branches]
    return _first_target(settings.root, folder, refs, pushed)


_REMOTE, _LOCAL = "refs/remotes/origin/", "refs/heads/"


def _first_target(root: Path, folder: str, refs: Sequence[str], ours: str) -> _Target | None:
    tips = git.tips(root, refs) if refs else {}
    for ref in refs:
        if ref in tips:
            name = ref.removeprefix("refs/remotes/").removeprefix(_LOCAL)
            return _read_target(root, folder, name, tips[ref], ours)
    return None


def _read_target(root: Path, folder: str, name: str, commit: str, ours: str) -> _Target:
    head = git.resolve(root, ours)
    base = git.merge_base(root, head, commit) if head else None
    released = frozenset(_migrations(git.list_tree(root, commit, folder), folder))
    departed = git.list_tree(root, base, folder) if base else ()
    return _Target(name, base, released, frozenset(departed))


def _migrations(paths: Iterable[str], folder: str) -> tuple[str, ...]:
    """Return the SQL files that stand directly in `folder`, whatever they are called."""
    return tuple(
        path
        for path in paths
        if str(PurePosixPath(path).parent) == folder and path.lower().endswith(".sql")
    )


def _staged(root: Path, folder: str, named: Sequence[str], target: _Target | None) -> Scope:
    ours = _migrations(git.list_index(root, folder), folder)
    changes = git.staged_changes(root, folder)
    changed = _migrations((one.path for one in changes if one.status != "D"), folder)
    if named:
        wanted = {_relative(root, name) for name in named}
        changed = tuple(path for path in changed if path in wanted)
    return _scope(ours, changed, texts.blobs(root), target, "staged")


def _worktree(
    root: Path, folder: str, since: str | None, everything: bool, target: _Target | None
) -> Scope:
    ours = _migrations(files.list_files(root, folder), folder)
    start, word = (target.base if target else None), "new"
    if since is not None:
        start, word = git.resolve(root, since), f"changed since {since}"
        if start is None:
            raise UsageProblem(
                f"--since {since}: there is no such commit.",
                "Name a branch, a tag or a commit, for example `--since HEAD~1`.",
            )
    if everything or start is None:
        return _scope(ours, ours, texts.disk(root), target, "")
    changes = git.changes_since(root, start, folder)
    present = set(ours)
    changed = tuple(sorted({one.path for one in changes if one.path in present}))
    return _scope(ours, changed, texts.disk(root), target, word)


def _named(root: Path, folder: str, named: Sequence[str], target: _Target | None) -> Scope:
    """Return the scope of files named by hand, or handed over by the pre-commit framework."""
    ours = _migrations(files.list_files(root, folder), folder)
    paths = tuple(dict.fromkeys(path for name in named for path in _expanded(root, name)))
    if os.environ.get("PRE_COMMIT"):
        paths = tuple(path for path in paths if path in set(ours))
    return _scope(ours, paths, texts.disk(root), target, "named")


def _expanded(root: Path, name: str) -> tuple[str, ...]:
    """Return the paths that one word stands for: a file, or the SQL files of a folder."""
    place = Path(name)
    path = _relative(root, name)
    if place.is_dir():
        return _migrations(files.list_files(root, path), path)
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
    ours: tuple[str, ...],
    judged: tuple[str, ...],
    read: texts.Reader,
    target: _Target | None,
    word: str,
) -> Scope:
    fresh = [path for path in ours if target and path not in target.released]
    known = set(ours) | set(judged)
    if target:  # a file that this branch deleted or renamed is no twin of its new name
        known |= target.released - (target.departed - set(ours))
    found = read(judged)
    return Scope(
        judged=found,
        siblings=read(path for path in fresh if path not in judged),
        known=tuple(sorted(known)),
        released=target.released if target else None,
        target=target.name if target else "",
        past=lint_past.read(read, ours, found),
        sample=tuple(one.text for one in read(sorted(ours)[-SAMPLE:]).values()),
        sentence=_sentence(judged, len(set(ours) - set(judged)), target, word),
    )


def _sentence(judged: Sequence[str], others: int, target: _Target | None, word: str) -> str:
    count = len(judged)
    what = " ".join(part for part in (str(count), word, _plural(count)) if part)
    if word.startswith("changed"):
        what = f"{count} {_plural(count)} {word}"
    against = f" against {target.name}" if target else ""
    rest = f"; {others} other{'' if others == 1 else 's'} not judged" if others else ""
    return f"Judged {what}{against}{rest}."


def _plural(count: int) -> str:
    return "migration" if count == 1 else "migrations"
