"""Phantoms: what a developer's own database has applied and the files here no longer know.

A branch was switched or rebased, and its migration is still in the database. The way back is the
DOWN of a file that stands in another commit, so it is named and never taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from shlex import quote

from migrate_hooks.actions import sources, whereabouts
from migrate_hooks.config import branches
from migrate_hooks.history.rollback_plan import name
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Entry, State
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import some
from migrate_hooks.outside import git, git_heads

_SHOWN = 5
_FETCHED = 3
"""Up to so many files are fetched one by one; more are taken back from their branch."""


@dataclass(frozen=True, slots=True)
class Phantom:
    """An applied version without a file here, and the file where a commit has one."""

    entry: Entry
    commit: str = ""
    file: Migration | None = None

    @property
    def can_go(self) -> bool:
        """Whether its file says how to take it back."""
        return bool(self.file and self.file.down and self.file.down.statements)


def findings(
    settings: Settings, environment: Environment, entries: Sequence[Entry], before: str | None
) -> tuple[Finding, ...]:
    """Return a warning about all phantoms that one commit takes back, and one for each other.

    `before` is the commit that was checked out until now; its files are looked at first.
    """
    unknown = [one for one in reversed(entries) if one.state is State.UNKNOWN]
    if not unknown:
        return ()
    known = _files(settings, before) if before else {}
    found = [
        Phantom(one, str(before), known[one.version.text])
        if one.version.text in known
        else _elsewhere(settings, one)
        for one in unknown
    ]
    groups: dict[str, list[Phantom]] = {}
    for one in found:
        groups.setdefault(one.commit if one.can_go else one.entry.version.text, []).append(one)
    stays = _stays(entries)
    return tuple(_finding(settings, environment, those, stays) for those in groups.values())


def _stays(entries: Sequence[Entry]) -> str:
    """Return the newest version below all phantoms, "" where something stands between them."""
    ran = [one for one in entries if one.applied]
    first = next(place for place, one in enumerate(ran) if one.state is State.UNKNOWN)
    all_above = all(one.state is State.UNKNOWN for one in ran[first:])
    return ran[first - 1].version.text if all_above and first else ""


def _files(settings: Settings, commit: str) -> dict[str, Migration]:
    return {one.version.text: one for one in sources.from_commit(settings, commit).migrations}


def _elsewhere(settings: Settings, entry: Entry) -> Phantom:
    """Look for the file in all of git's history."""
    (located,) = whereabouts.locate(settings.root, (entry,))
    seen = located.sighting
    commit = git.resolve(settings.root, seen.commit) if seen and seen.commit else None
    if commit is None:
        return Phantom(entry)
    return Phantom(entry, commit, _files(settings, commit).get(entry.version.text))


def _finding(
    settings: Settings, environment: Environment, those: Sequence[Phantom], stays: str
) -> Finding:
    """Return what is to be said of phantoms that go together, newest first."""
    first = those[0]
    names = some([name(one.entry) for one in those], _SHOWN)
    it, file = ("it", "that version") if len(those) == 1 else ("they", "these versions")
    if first.can_go:
        hint = _way_back(settings, environment, those, stays)
    elif first.file:
        ref = quote(git_heads.name_of(settings.root, first.commit))
        shown = f"git show {ref}:{quote(first.file.path)}"
        hint = f"Undo it by hand, as its file has no DOWN ({shown}), or go back to {ref}."
    else:
        hint = _without_file(environment, first.entry)
    return Finding(
        "status/phantom",
        Severity.WARNING,
        f"{environment.name} has applied {names}, and no file here has {file} now: what {it} made "
        "is still there, and the code that is checked out does not know it.",
        ObjectPlace(environment.name, "migration", first.entry.version.text),
        hint,
    )


def _way_back(
    settings: Settings, environment: Environment, those: Sequence[Phantom], stays: str
) -> str:
    """Return the commands that run the DOWN of the files, newest first, and leave no trace."""
    ref = quote(git_heads.name_of(settings.root, those[0].commit))
    word = _branch_word(settings, environment)
    rollback = f"migrate-hooks rollback --env={environment.name}"
    if len(those) > _FETCHED and stays:
        return (
            f"Take them back from there: git checkout {ref} && {rollback} --to={quote(stays)}{word}"
            " && git checkout -"
        )
    some = those[:_FETCHED]
    paths = " ".join(map(quote, _paths(settings, some)))
    steps = " && ".join(
        f"{rollback} --migration={quote(one.entry.version.text)}{word}" for one in some
    )
    rest = "; then the others in the same way" if len(those) > len(some) else ""
    shown = f"git show {ref}:{quote(some[0].file.path)}" if some[0].file else ""
    return (
        f"Take {'it' if len(those) == 1 else 'them'} back: git restore --source={ref} -- {paths} "
        f"&& {steps} && rm {paths} (to read it first: {shown}){rest}"
    )


def _paths(settings: Settings, those: Sequence[Phantom]) -> list[str]:
    """Return the files of phantoms in their commit, with those that hold DOWN alone."""
    source = sources.from_commit(settings, those[0].commit)
    there = git.list_tree(settings.root, those[0].commit, source.folder)
    files = [one.file.path for one in those if one.file]
    wanted = [each for path in files for each in (path, source.layout.beside(path))]
    return [each for each in wanted if each in there]


def _branch_word(settings: Settings, environment: Environment) -> str:
    """Return the word that passes the guard where another environment's branch is checked out."""
    owner = branches.environment_of(settings, git.current_branch(settings.root))
    return " --allow=branch" if owner not in (None, environment) else ""


def _without_file(environment: Environment, entry: Entry) -> str:
    kept = entry.applied is not None and entry.applied.text is not None
    ledger = f"The ledger of {environment.name} keeps the SQL that ran. " if kept else ""
    return (
        f"Ask who has its file, or run git fetch --all: no commit of this clone does. {ledger}"
        f"To start afresh, take {environment.name} back to a backup or make it anew."
    )
