"""What a merge, a rebase, a checkout or an amended commit did to the migration files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.model.migration import Migration, called
from migrate_hooks.model.trigger import Trigger
from migrate_hooks.model.words import amount, some
from migrate_hooks.outside import git, git_heads
from migrate_hooks.sql.parse import Name, names

_WORDS = {"A": "new", "C": "new", "M": "edited", "T": "edited", "D": "deleted", "R": "renamed"}
_BROUGHT = ("merge", "rebase")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Came:
    """What changed below the migrations folder, and by what: "merge", "rebase" and so on.

    `before` is the commit that was checked out, None where nothing was. `theirs` is the other side
    of a merge or rebase, None where there are no two sides.
    """

    deed: str
    before: str | None
    theirs: str | None = None
    changes: tuple[git.FileChange, ...] = ()

    @property
    def sentence(self) -> str:
        """The one line that is always said."""
        verb = "brought" if self.deed in _BROUGHT or not self.before else "changed"
        subject = f"This {self.deed} {verb}"
        if not self.changes:
            return f"{subject} no migrations."
        said = [f"{_WORDS.get(one.status, 'changed')} {called(one.path)}" for one in self.changes]
        return f"{subject} {amount(len(said), 'migration file')}: {some(said, _SHOWN)}."


def by_merge(root: Path, folder: str, trigger: Trigger) -> Came:
    """Return what a merge or a pull brought; a squash leaves that in the index."""
    if trigger.is_squash:
        return Came(
            "merge", git.resolve(root, "HEAD"), None, _sql(git.staged_changes(root, folder))
        )
    before = git.resolve(root, "ORIG_HEAD")
    return _since(root, folder, "merge", before, git.resolve(root, "HEAD^2"))


def by_rewrite(root: Path, folder: str, trigger: Trigger) -> Came:
    """Return what a rebase brought, or what amending a commit changed."""
    if trigger.deed == "amend":
        amended = git.resolve(root, trigger.before or "HEAD@{1}")
        return _since(root, folder, "amended commit", amended, None)
    before = _tip_before_rebase(root, trigger)
    return _since(root, folder, "rebase", before, git_heads.rebased_onto(root))


def by_checkout(root: Path, folder: str, trigger: Trigger) -> Came | None:
    """Return what a checkout changed; None for one that is a step of a rebase.

    A rebase that has nothing of its own to carry over is told here: git calls no other hook.
    """
    before = git.resolve(root, trigger.before) if trigger.before else None
    if before is None:
        return _all(root, folder)
    if not git_heads.is_rebasing(root):
        return _since(root, folder, "checkout", before, None)
    if not git.is_ancestor(root, before, "HEAD"):
        return None
    return _since(root, folder, "rebase", before, None)


def _tip_before_rebase(root: Path, trigger: Trigger) -> str | None:
    """Return where the branch was: the last commit of it may have been dropped on the way."""
    noted = git.resolve(root, "ORIG_HEAD")
    last = git.resolve(root, trigger.before) if trigger.before else None
    if last and noted and not git.is_ancestor(root, last, noted):
        return last
    return noted or last


def _since(root: Path, folder: str, deed: str, before: str | None, theirs: str | None) -> Came:
    changes = git.changes_between(root, before, "HEAD", folder) if before else ()
    return Came(deed, before, theirs, _sql(changes))


def _all(root: Path, folder: str) -> Came:
    """Return every file as new: a clone and a new worktree come from nowhere."""
    there = git.list_tree(root, "HEAD", folder) if git.resolve(root, "HEAD") else ()
    return Came("checkout", None, None, _sql([git.FileChange("A", path) for path in there]))


def _sql(changes: Sequence[git.FileChange]) -> tuple[git.FileChange, ...]:
    return tuple(one for one in changes if one.path.endswith(".sql"))


def touching(
    root: Path, folder: str, came: Came, migrations: Sequence[Migration]
) -> tuple[tuple[Migration, Migration, str], ...]:
    """Return (one of this side, one that came, what both are about) where the order may matter.

    At least one of the two changes that object; two that only read it do not count.
    """
    if not came.before or not came.theirs:
        return ()
    fork = git.merge_base(root, came.before, came.theirs)
    own = git.changes_between(root, fork, came.before, folder) if fork else ()
    mine = _added(own, migrations)
    theirs = [one for one in _added(came.changes, migrations) if one not in mine]
    pairs = ((one, other, _shared(one, other)) for one in mine for other in theirs)
    return tuple(pair for pair in pairs if pair[2])


def _added(changes: Sequence[git.FileChange], migrations: Sequence[Migration]) -> list[Migration]:
    paths = {one.path for one in changes if one.status == "A"}
    return [one for one in migrations if one.path in paths]


def _shared(one: Migration, other: Migration) -> str:
    """Return the name of an object that one changes and the other is about, "" for none."""
    changed, about = _objects(one)
    others_changed, others_about = _objects(other)
    both = (changed & others_about) | (about & others_changed)
    return min((".".join(filter(None, name)) for name in both), default="")


def _objects(one: Migration) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Return (schema, name) of what a migration changes, and of all that it is about."""
    read = names(one.up.text)
    if read is None:
        return set(), set()
    changed = set(_placed(read.created | read.touched))
    return changed, changed | set(_placed(read.referenced))


def _placed(found: frozenset[Name]) -> Iterator[tuple[str, str]]:
    return (("" if schema == "public" else schema, name) for _, schema, name in found)
