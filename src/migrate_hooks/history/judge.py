"""What is worth saying about entries: versions without a file, files edited after they were run."""

from collections.abc import Sequence
from shlex import quote

from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Entry, State


def findings(entries: Sequence[Entry], severity: Severity) -> tuple[Finding, ...]:
    """Return a finding of that severity for every Unknown, Changed or Out-of-order entry."""
    found = (_finding(entry, severity) for entry in entries)
    return tuple(finding for finding in found if finding is not None)


def _finding(entry: Entry, severity: Severity) -> Finding | None:
    environment = entry.environment
    if entry.migration is None:
        name = entry.applied.name if entry.applied and entry.applied.name else ""
        # A ledger may hold anything, and this sentence and this command are read and typed.
        known, pattern = _one_line(f"{entry.version.text} {name}"), f"*{entry.version.text}*"
        return Finding(
            "status/unknown",
            severity,
            f"{environment} has applied {known}".rstrip()
            + ", and no file here has that version: it was run from another branch or by hand.",
            ObjectPlace(environment, "migration", entry.version.text),
            f"Find it with: git log --all --oneline -- {_one_line(quote(pattern))}",
        )
    place = FilePlace(entry.migration.path)
    if entry.state is State.CHANGED:
        return Finding(
            "status/changed",
            severity,
            f"{environment} has applied this version with other SQL: the file was edited after "
            "it was run, and the edit never reached that database.",
            place,
            "Put the file back as it was, and write what should change as a new migration.",
        )
    if entry.state is State.OUT_OF_ORDER:
        return Finding(
            "status/out-of-order",
            severity,
            f"{environment} has already applied a newer migration than this pending one, "
            "which may have been written against another schema.",
            place,
            "Give it a later timestamp if no environment has applied it yet.",
        )
    return None


def _one_line(words: str) -> str:
    return words.replace("\r", "\\r").replace("\n", "\\n")
