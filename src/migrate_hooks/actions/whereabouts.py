"""What git knows about entries: where an unknown version lives, what a changed file said before."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from migrate_hooks.model.history import Edit, Entry, Sighting, State
from migrate_hooks.sql.fingerprint import fingerprint

_LOOKED_UP = 10
"""Each answer walks the history; beyond a handful the first ones tell the story."""

NOWHERE = Sighting("", "", "", ())


def locate(root: Path, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries with what git says of the UNKNOWN and the unclearly CHANGED ones.

    Outside of a repository, and where git takes longer than a few seconds, they stay as they are.
    """
    if not (root / ".git").exists():
        return tuple(entries)
    seen = _sightings(root, [one for one in entries if one.state is State.UNKNOWN][:_LOOKED_UP])
    unclear = [one for one in entries if one.edit is Edit.UNCLEAR][:_LOOKED_UP]
    return tuple(
        _settled(root, one)
        if one in unclear
        else replace(one, sighting=seen.get(one.version.text))
        if one.state is State.UNKNOWN
        else one
        for one in entries
    )


def _sightings(root: Path, unknown: Sequence[Entry]) -> dict[str, Sighting]:
    if not unknown:
        return {}
    from migrate_hooks.outside import git_history

    versions = tuple(dict.fromkeys(one.version.text for one in unknown))
    found = git_history.find_versions(root, versions)
    return {} if found is None else {text: found.get(text, NOWHERE) for text in versions}


def _settled(root: Path, entry: Entry) -> Entry:
    """Find the text that was applied in git, and so whether the SQL was edited."""
    from migrate_hooks.outside import git_history

    file, row = entry.migration, entry.applied
    if file is None or row is None or row.sha256 is None:
        return entry
    found = git_history.find_text(root, file.path, row.sha256)
    if found is None:
        return entry
    sighting, text = found
    same = fingerprint(text) == fingerprint(file.up.text)
    return replace(entry, edit=Edit.TEXT if same else Edit.SQL, sighting=sighting)
