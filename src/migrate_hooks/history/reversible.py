"""Whether chosen migrations can be taken back: asked of all of them before the first one runs."""

from collections.abc import Iterator, Sequence
from shlex import quote

from migrate_hooks.history.overlap import shared
from migrate_hooks.history.rollback_plan import name
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Place, Severity
from migrate_hooks.model.history import Edit, Entry, Sighting, State
from migrate_hooks.model.migration import Migration

Guarded = tuple[str, Finding]
"""The name that passes the guard ("" for none), and what it found."""

_SHOWN_BRANCHES = 3


def needs_way_out(chosen: Sequence[Entry]) -> bool:
    """Return whether one of them has no way back of its own."""
    files = (one.migration for one in chosen)
    return any(file is not None and (file.irreversible or not _has_down(file)) for file in files)


def _has_down(file: Migration) -> bool:
    return file.down is not None and bool(file.down.statements)


def judge(chosen: Sequence[Entry], stands: Sequence[Entry], backup: str) -> tuple[Guarded, ...]:
    """Return what speaks against taking back `chosen` (newest first) of all that `stands`.

    `backup` says what the newest good backup is, for a sentence; "" without one.
    """
    ways = _ways_out(chosen[0].environment, backup)
    return (
        *(found for one in chosen for found in _one(one, ways)),
        *_between(chosen, stands),
        *(("", found) for found in _order(chosen, stands)),
    )


def _one(entry: Entry, ways: str) -> Iterator[Guarded]:
    file = entry.migration
    if file is None:
        yield "", _gone(entry)
        return
    if file.irreversible:
        yield "", _irreversible(file, ways)
    elif not _has_down(file):
        yield "", _without_down(file, ways)
    elif entry.state is State.CHANGED:
        yield "changed", _changed(entry, file)


def _gone(entry: Entry) -> Finding:
    known = name(entry)
    return Finding(
        "rollback/unknown",
        Severity.CRITICAL,
        f"{entry.environment} has applied {known}, and no file here has that version, so nobody "
        "here knows what would take it back.",
        ObjectPlace(entry.environment, "migration", entry.version.text),
        _way_to_the_file(entry.version.text, entry.sighting),
    )


def _way_to_the_file(version: str, seen: Sighting | None) -> str:
    if seen is None:
        return f"Look for its file: git log --all --oneline -- {quote(f'*{version}*')}"
    if not seen.commit:
        return (
            "Get its file from whoever has it: no branch of this clone does. Run git fetch --all "
            "and try again first."
        )
    branches = ", ".join(seen.branches[:_SHOWN_BRANCHES])
    where = f" on {branches}" if branches else ", on no branch any more"
    return (
        f"Get its file (commit {seen.commit} by {seen.author}{where}): git checkout {seen.commit} "
        f"-- {quote(seen.path)}. Then run this again."
    )


def _irreversible(file: Migration, ways: str) -> Finding:
    return Finding(
        "rollback/irreversible",
        Severity.CRITICAL,
        f"{file.path} says of itself that it cannot be taken back: irreversible because "
        f"{file.irreversible}. Nothing was rolled back, not even what is newer.",
        FilePlace(file.path),
        ways,
    )


def _without_down(file: Migration, ways: str) -> Finding:
    return Finding(
        "rollback/no-down",
        Severity.CRITICAL,
        f"{file.path} has no DOWN, so nothing says how to take it back. Nothing was rolled back, "
        "not even what is newer.",
        FilePlace(file.path),
        f"{ways} Or let a DOWN be written from its UP, read it, and run this again: `migrate-hooks "
        f"new {quote(file.path)} --down-from-up`.",
    )


def _ways_out(environment: str, backup: str) -> str:
    known = f"the newest good one is {backup}" if backup else "there is none here yet"
    which = "--latest" if backup else "FILE"
    return (
        "Choose one of two ways out. Mend forward: `migrate-hooks new NAME` for a migration that "
        "undoes by hand what has to go. Or bring everything back to a backup, which loses what "
        f"was written since ({known}): `migrate-hooks restore --env={environment} {which} "
        "--dry-run`."
    )


def _changed(entry: Entry, file: Migration) -> Finding:
    place = FilePlace(file.path)
    if entry.edit is Edit.TEXT:
        return Finding(
            "rollback/changed",
            Severity.WARNING,
            f"{file.path} was edited after {entry.environment} applied it, but not in what its UP "
            "does; the DOWN that runs is the one of today.",
            place,
        )
    seen = entry.sighting
    before = f" (git show {seen.commit}:{quote(seen.path)})" if seen and seen.commit else ""
    doubt = "its UP is not what ran there" if entry.edit is Edit.SQL else "its checksum differs"
    return Finding(
        "rollback/changed",
        Severity.CRITICAL,
        f"{file.path} was edited after {entry.environment} applied it ({doubt}), so its DOWN may "
        "take back something else than what stands there.",
        place,
        f"Put the file back as it was{before}, or read its DOWN and say that it fits: "
        "--allow=changed.",
    )


def _between(chosen: Sequence[Entry], stands: Sequence[Entry]) -> Iterator[Guarded]:
    """Refuse to take one out of the middle, naming what was built on it."""
    oldest = chosen[-1]
    newer = [one for one in stands if oldest.version < one.version and one not in chosen]
    if not newer or oldest.migration is None:
        return
    touching = {name(one): shared(oldest.migration, one.migration) for one in newer}
    built = [f"{file} ({', '.join(things)})" for file, things in touching.items() if things]
    blind = [file for file, things in touching.items() if things is None]
    yield (
        "out-of-order",
        Finding(
            "guard/out-of-order",
            Severity.CRITICAL,
            f"{oldest.environment} has applied {_amount(newer)} than {name(oldest)}. "
            + _said(built, blind),
            FilePlace(oldest.migration.path),
            f"Take back the newer ones as well (--steps={len(newer) + 1}), or only this one where "
            "nothing depends on it: --allow=out-of-order.",
        ),
    )


def _amount(newer: Sequence[Entry]) -> str:
    return "1 newer migration" if len(newer) == 1 else f"{len(newer)} newer migrations"


def _said(built: Sequence[str], blind: Sequence[str]) -> str:
    sentences = []
    if built:
        sentences.append(f"The same objects are in the words of {', '.join(built)}.")
    if blind:
        sentences.append(f"What {', '.join(blind)} uses cannot be read here.")
    if not sentences:
        sentences.append(
            "None of their words names an object that it made or changed (bodies of functions are "
            "not read)."
        )
    return " ".join(sentences)


def _order(chosen: Sequence[Entry], stands: Sequence[Entry]) -> Iterator[Finding]:
    """Tell where the ledger's times say another order than its versions."""
    times = {one.version: one.applied.applied_at for one in stands if one.applied}
    for one in chosen:
        mine = times[one.version]
        later = [
            other
            for other in stands
            if other.version < one.version and mine and (times[other.version] or "") > mine
        ]
        if later:
            yield Finding(
                "rollback/order",
                Severity.WARNING,
                f"{', '.join(map(name, later))} has an older version than {name(one)} and was "
                f"applied to {one.environment} after it. A rollback goes by version.",
                _place(one),
                "Read both files; take back exactly one with --migration=NAME.",
            )
            return


def _place(entry: Entry) -> Place:
    if entry.migration:
        return FilePlace(entry.migration.path)
    return ObjectPlace(entry.environment, "migration", entry.version.text)
