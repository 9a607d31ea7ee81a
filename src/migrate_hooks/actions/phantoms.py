"""Phantoms: what a developer's own database has applied and the files here no longer know.

A branch was switched or rebased, and its migration is still in the database. The way back is the
DOWN of a file that stands in another commit, so it is named and never taken.
"""

from collections.abc import Sequence
from shlex import quote

from migrate_hooks.actions import sources, whereabouts
from migrate_hooks.actions.sources import Source
from migrate_hooks.config import branches
from migrate_hooks.history.rollback_plan import name
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Entry, State
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git, git_heads


def findings(
    settings: Settings, environment: Environment, entries: Sequence[Entry], before: str | None
) -> tuple[Finding, ...]:
    """Return a warning for each phantom, newest first, which is the order to take them back in.

    `before` is the commit that was checked out until now; its files are looked at first.
    """
    unknown = [one for one in reversed(entries) if one.state is State.UNKNOWN]
    if not unknown:
        return ()
    files = sources.from_commit(settings, before) if before else None
    known = {one.version.text: one for one in files.migrations} if files else {}
    return tuple(
        _told(settings, environment, one, before, files, known[one.version.text])
        if before and files and one.version.text in known
        else _elsewhere(settings, environment, one)
        for one in unknown
    )


def _elsewhere(settings: Settings, environment: Environment, entry: Entry) -> Finding:
    """Look for the file in all of git's history."""
    (located,) = whereabouts.locate(settings.root, (entry,))
    seen = located.sighting
    if seen is not None and seen.commit:
        files = sources.from_commit(settings, seen.commit)
        for one in files.migrations:
            if one.version.text == entry.version.text:
                commit = git.resolve(settings.root, seen.commit) or seen.commit
                return _told(settings, environment, entry, commit, files, one)
    return _finding(environment, entry, _without_file(environment, entry))


def _without_file(environment: Environment, entry: Entry) -> str:
    kept = entry.applied is not None and entry.applied.text is not None
    return (
        "No commit of this clone has its file, so ask who does, or run git fetch --all. "
        + (f"The ledger of {environment.name} keeps the SQL that ran. " if kept else "")
        + f"To start afresh, take {environment.name} back to a backup or make it anew."
    )


def _told(
    settings: Settings,
    environment: Environment,
    entry: Entry,
    commit: str,
    files: Source,
    file: Migration,
) -> Finding:
    """Return the finding with the commands that fetch the file, run its DOWN and put it away."""
    ref = quote(git_heads.name_of(settings.root, commit))
    show = f"git show {ref}:{quote(file.path)}"
    if not file.down or not file.down.statements:
        hint = f"Undo it by hand, as its file has no DOWN ({show}), or go back to {ref}."
        return _finding(environment, entry, hint)
    beside = files.layout.beside(file.path)
    there = git.list_tree(settings.root, commit, files.folder)
    paths = " ".join(quote(one) for one in (file.path, beside) if one in there)
    word = _branch_word(settings, environment)
    return _finding(
        environment,
        entry,
        f"Take it back: git restore --source={ref} -- {paths} && migrate-hooks rollback "
        f"--env={environment.name} --migration={quote(entry.version.text)}{word} && rm {paths}"
        f" (to read it first: {show})",
    )


def _branch_word(settings: Settings, environment: Environment) -> str:
    """Return the word that passes the guard where another environment's branch is checked out."""
    owner = branches.environment_of(settings, git.current_branch(settings.root))
    return " --allow=branch" if owner not in (None, environment) else ""


def _finding(environment: Environment, entry: Entry, hint: str) -> Finding:
    return Finding(
        "status/phantom",
        Severity.WARNING,
        f"{environment.name} has applied {name(entry)}, and no file here has that version now: "
        "what it made is still there, and the code that is checked out does not know it.",
        ObjectPlace(environment.name, "migration", entry.version.text),
        hint,
    )
