"""What is worth saying about entries, state by state: what it means and what to type next."""

from collections.abc import Callable, Sequence
from shlex import quote

from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Place, Severity
from migrate_hooks.model.history import Edit, Entry, Sighting, State

_SHOWN_BRANCHES = 3


def findings(entries: Sequence[Entry], severity: Severity) -> tuple[Finding, ...]:
    """Return a finding of that severity for every entry that is neither applied nor just pending.

    One whose SQL still does the same (comments edited, another number) never weighs more than a
    WARNING; one that was not finished is always CRITICAL.
    """
    return tuple(_SAYINGS[one.state](one, severity) for one in entries if one.state in _SAYINGS)


def _unknown(entry: Entry, severity: Severity) -> Finding:
    name = entry.applied.name if entry.applied and entry.applied.name else ""
    # A ledger may hold anything, and this sentence and this command are read and typed.
    text = entry.version.text
    known = _one_line(text if name and text.endswith(name) else f"{text} {name}")
    return Finding(
        "status/unknown",
        severity,
        f"{entry.environment} has applied {known}".rstrip()
        + ", and no file here has that version: it was run from another branch or by hand.",
        _in_database(entry),
        _whereabouts(entry.version.text, entry.sighting),
    )


def _whereabouts(version: str, seen: Sighting | None) -> str:
    if seen is None:
        patterns = f"{_one_line(quote(f'*{version}*'))}"
        return f"Find it with: git log --all --oneline -- {patterns}"
    if not seen.commit:
        return (
            "No branch of this clone has it: run git fetch --all and look again, "
            "or ask who works on that database by hand."
        )
    branches = ", ".join(seen.branches[:_SHOWN_BRANCHES])
    where = f"on {branches}" if branches else "on no branch any more"
    return (
        f"{seen.path} is {where} (commit {seen.commit} by {seen.author}): "
        "merge that first, or undo it in the database."
    )


def _changed(entry: Entry, severity: Severity) -> Finding:
    if entry.edit is Edit.TEXT:
        return Finding(
            "status/changed",
            _at_most_warning(severity),
            f"{entry.environment} has applied this file in other words: only comments, white space "
            "or DOWN were edited since, and its SQL does the same.",
            _in_file(entry),
            f"Leave it, or put it back as it was{_as_applied(entry)}.",
        )
    doubt = (
        "the file was edited after it was run, and the edit never reached that database"
        if entry.edit is not Edit.UNCLEAR
        else "its checksum differs, and that ledger keeps nothing that tells whether more than "
        "comments were edited"
    )
    what = "this version with other SQL" if entry.edit is not Edit.UNCLEAR else "another text"
    return Finding(
        "status/changed",
        severity,
        f"{entry.environment} has applied {what}: {doubt}.",
        _in_file(entry),
        f"Put the file back as it was{_as_applied(entry)}, and write what should change as a new "
        "migration.",
    )


def _as_applied(entry: Entry) -> str:
    """Return where the text is that was applied, if git has it: " (git show 1234:path)"."""
    seen = entry.sighting
    if seen is None or not seen.commit:
        return ""
    return f" (git show {seen.commit}:{quote(seen.path)})"


def _failed(entry: Entry, _severity: Severity) -> Finding:
    name = _one_line(entry.version.text)
    return Finding(
        "status/failed",
        Severity.CRITICAL,
        f"{entry.environment} began {name} and did not finish it: part of it may be there. Nothing "
        "newer may run before that is settled.",
        _in_file(entry) if entry.migration else _in_database(entry),
        "See what of it is there, finish or undo it by hand, then write that down: "
        f"migrate-hooks repair --env={entry.environment}",
    )


def _out_of_order(entry: Entry, severity: Severity) -> Finding:
    return Finding(
        "status/out-of-order",
        severity,
        f"{entry.environment} has already applied a newer migration than this pending one, "
        "which may have been written against another schema.",
        _in_file(entry),
        "Give it a later timestamp if no environment has applied it yet.",
    )


def _renumbered(entry: Entry, severity: Severity) -> Finding:
    other = _one_line(entry.other.text if entry.other else "")
    return Finding(
        "status/renumbered",
        _at_most_warning(severity),
        f"{entry.environment} has applied the SQL of this file as {other}, a version that no file "
        "has: it was given another number since, and is not run a second time.",
        _in_file(entry),
        f"Give the file its number {other} back, or let the ledger follow it: "
        f"migrate-hooks repair --env={entry.environment}",
    )


_SAYINGS: dict[State, Callable[[Entry, Severity], Finding]] = {
    State.UNKNOWN: _unknown,
    State.CHANGED: _changed,
    State.FAILED: _failed,
    State.OUT_OF_ORDER: _out_of_order,
    State.RENUMBERED: _renumbered,
}


def _at_most_warning(severity: Severity) -> Severity:
    return Severity.WARNING if severity is Severity.CRITICAL else severity


def _in_file(entry: Entry) -> Place:
    return FilePlace(entry.migration.path) if entry.migration else _in_database(entry)


def _in_database(entry: Entry) -> ObjectPlace:
    return ObjectPlace(entry.environment, "migration", entry.version.text)


def _one_line(words: str) -> str:
    return words.replace("\r", "\\r").replace("\n", "\\n")
