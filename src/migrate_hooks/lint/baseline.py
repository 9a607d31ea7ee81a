"""A baseline: findings that were there when an old repository began, hidden until they change.

It is a text of JSON lines, one a finding, so that two branches which both write it rarely collide.
An entry knows its statement by the tokens, not by the line: moved down it is still known, changed
it is not.
"""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.lint import codes
from migrate_hooks.lint.waived import KNOWN
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.outside.files import FileText
from migrate_hooks.sql.checksum import checksum
from migrate_hooks.sql.split import statements

OBSOLETE = "baseline/obsolete"
MISSING = "baseline/missing"

_FORMAT = 1
_HEAD = "migrate-hooks-baseline"
_DIGITS = 16  # of a checksum; it only has to tell the statements of one file apart
_MARKS = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")

# What a finding is about decides what has to stay for it to stay known.
_ABOUT_THE_NAME = ("naming/", "order/out-of-order", "order/deleted")
_ABOUT_THE_FILE = ("sections/", "order/", "structure/empty")


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One known finding: path and code, and the checksum of its statement ("" for the name)."""

    path: str
    code: str
    statement: str


@dataclass(frozen=True, slots=True)
class Match:
    """What a baseline makes of findings: they, with the known ones as INFO, and idle entries."""

    findings: tuple[Finding, ...]
    hidden: int
    idle: tuple[Entry, ...]


def parse(text: str, name: str) -> tuple[Entry, ...]:
    """Return the entries of a baseline called `name`; raises ConfigProblem naming the line."""
    rows = [(number, one) for number, one in enumerate(text.splitlines(), 1) if one.strip()]
    if not rows:
        raise _refused(name, "is empty, and a baseline begins with its format")
    _check_head(rows[0][1], name)
    return tuple(_entry(row, f"line {number} of {name}", name) for number, row in rows[1:])


def _check_head(row: str, name: str) -> None:
    head = _decoded(row)
    form = head.get(_HEAD) if isinstance(head, dict) else None
    if form is None:
        raise _refused(name, f'is no baseline: its first line is not {{"{_HEAD}": {_FORMAT}}}')
    if form != _FORMAT:
        raise ConfigProblem(
            f"{name} is a baseline of format {str(form)[:20]}, and this version reads {_FORMAT}.",
            "Update migrate-hooks, or delete the file and write it again: "
            "migrate-hooks lint --all --baseline write",
        )


def _entry(row: str, where: str, name: str) -> Entry:
    if row.startswith(_MARKS):
        raise ConfigProblem(
            f"{where} is a mark of a merge conflict, so it is not known what to hide.",
            f"Delete the marks in {name} and keep the lines of both sides: each is one finding.",
        )
    found = _decoded(row)
    fields = [found.get(key) for key in ("path", "code", "statement")] if found else []
    if len(fields) != 3 or not all(isinstance(one, str) for one in fields):
        raise _refused(name, f"cannot be read: {where} is no finding")
    entry = Entry(*map(str, fields))
    if codes.is_never(entry.code):
        raise ConfigProblem(
            f"{where} hides {entry.code}, which no baseline may: {codes.why_never(entry.code)}.",
            f"Take that line out and correct what {entry.code} reports in {entry.path}.",
        )
    return entry


def _decoded(row: str) -> dict[str, object] | None:
    try:
        found = json.loads(row)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _refused(name: str, reason: str) -> ConfigProblem:
    return ConfigProblem(
        f"{name} {reason}.",
        f"Restore it (git checkout -- {name}), or delete it and write it again: "
        "migrate-hooks lint --all --baseline write",
    )


def dump(entries: Iterable[Entry]) -> str:
    """Return the text of a baseline: the format, then one line an entry, sorted."""
    rows = (
        {"path": one.path, "code": one.code, "statement": one.statement} for one in sorted(entries)
    )
    return "".join(f"{json.dumps(row)}\n" for row in ({_HEAD: _FORMAT}, *rows))


def recorded(findings: Iterable[Finding], texts: Mapping[str, FileText]) -> tuple[Entry, ...]:
    """Return an entry for each finding that people are shown and that may be hidden."""
    return tuple(entry for _, entry in _keyed(findings, texts) if entry)


def match(
    findings: Sequence[Finding], texts: Mapping[str, FileText], entries: Iterable[Entry]
) -> Match:
    """Hide findings that `entries` know, each as often as it is there."""
    left = Counter(entries)
    shown = []
    hidden = 0
    for finding, entry in _keyed(findings, texts):
        is_known = entry is not None and left[entry] > 0
        if entry is not None and is_known:
            left[entry] -= 1
            hidden += 1
        shown.append(_known(finding) if is_known else finding)
    return Match(tuple(shown), hidden, tuple(sorted(left.elements())))


def _known(finding: Finding) -> Finding:
    message = f"{finding.code} is in the baseline: {finding.message}"
    return replace(finding, code=KNOWN, severity=Severity.INFO, message=message, excerpt="")


def _keyed(
    findings: Iterable[Finding], texts: Mapping[str, FileText]
) -> Iterator[tuple[Finding, Entry | None]]:
    """Yield each finding with its entry, None for what no baseline can hold."""
    read: dict[str, tuple[list[tuple[int, int]], list[str]]] = {}
    for one in findings:
        place = one.place
        if (
            not isinstance(place, FilePlace)
            or one.severity is Severity.INFO
            or codes.is_never(one.code)
        ):
            yield one, None
            continue
        if place.path not in read:
            read[place.path] = _read(texts.get(place.path))
        starts, sums = read[place.path]
        number = bisect_right(starts, (place.line, place.column))
        if one.code.startswith(_ABOUT_THE_NAME):
            yield one, Entry(place.path, one.code, "")
        else:
            about = 0 if one.code.startswith(_ABOUT_THE_FILE) else number
            yield one, Entry(place.path, one.code, sums[about])


def _read(found: FileText | None) -> tuple[list[tuple[int, int]], list[str]]:
    """Return where each statement starts; and the checksums of the whole and of each."""
    text = found.text if found else ""
    parts = statements(text)
    sums = [checksum(text), *(checksum(one.text) for one in parts)]
    return [(one.line, one.column) for one in parts], [one[:_DIGITS] for one in sums]
