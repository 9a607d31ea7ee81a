"""Markdown: a report as the summary of a CI job, or as the comment that a later run replaces."""

import re
from collections.abc import Iterable, Iterator, Sequence

from migrate_hooks.model.finding import Severity
from migrate_hooks.model.history import Entry
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.schema import Difference
from migrate_hooks.render import alerts
from migrate_hooks.render.base import Format, Style
from migrate_hooks.render.text import sanitise
from migrate_hooks.render.verdict import WORDS
from migrate_hooks.schema.identity import dotted

MARK = "<!-- migrate-hooks -->"
"""The first line: by it a comment of ours is found again, to be replaced by the next one."""

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~<>&$@:-])")
_REFERENCE = re.compile(r"(?<=[@#!$~&])(?=\w)")
_APART = "&#8203;"
"""A space of no width: GitHub looks for @mentions and #numbers behind the Markdown, and so finds
those with a backslash, too."""

_MOST = 50
"""Rows of one table: a summary has a limit, and nobody reads further."""

_SIGNS = {Severity.CRITICAL: "🔴", Severity.WARNING: "🟡", Severity.INFO: "⚪"}

Rows = Sequence[Sequence[str]]


def render(report: Report, style: Style) -> str:
    """Return the report as GitHub-flavoured Markdown; nothing in a name becomes markup."""
    parts = (part for part in _parts(report, style) if part)
    return "\n\n".join((MARK, *parts)) + "\n"


def _parts(report: Report, style: Style) -> Iterator[str]:
    about = f" of {_safe(report.environment)}" if report.environment else ""
    word = WORDS[report.outcome][0]
    yield f"### migrate-hooks {_safe(report.action)}{about}: {word}"
    yield "\n".join(f"- {_safe(note.strip())}" for note in report.notes)
    yield _findings(report, style)
    yield _entries(report.entries)
    yield from (_listing(one) for one in report.listings)
    yield _differences(report.differences)


def _findings(report: Report, style: Style) -> str:
    shown = [one for one in report.findings if style.verbose or one.severity is not Severity.INFO]
    rows = (
        (
            f"{_SIGNS[one.severity]} {one.severity}",
            f"`{one.code}`",
            _safe(alerts.where(one)),
            _lines(one.message, one.hint),
        )
        for one in alerts.worst_first(shown)
    )
    return _table(("", "code", "where", "what"), tuple(rows))


def _lines(*texts: str) -> str:
    return "<br>".join(_safe(text) for text in texts if text)


def _entries(entries: Sequence[Entry]) -> str:
    """Return migrations down and environments across."""
    names = tuple(dict.fromkeys(one.environment for one in entries))
    states = {(one.version.text, one.environment): str(one.state) for one in entries}
    titles = {one.version.text: _title(one) for one in reversed(entries)}
    rows = (
        (_safe(titles[version]), *(_safe(states.get((version, name), "")) for name in names))
        for version in sorted(titles)
    )
    return _table(("migration", *names), tuple(rows))


def _title(entry: Entry) -> str:
    name = entry.migration.name if entry.migration else (entry.applied and entry.applied.name) or ""
    return f"{entry.version.text} {name}".strip()


def _listing(listing: Listing) -> str:
    rows = [[_safe(cell) for cell in row] for row in listing.rows]
    title = f"**{_safe(listing.title)}**\n\n" if listing.title else ""
    return title + _table(listing.columns, rows)


def _differences(differences: Sequence[Difference]) -> str:
    rows = (
        (
            f"{_SIGNS[one.severity]} {one.severity}",
            str(one.change),
            _safe(f"{one.kind} {dotted(one.identity)}"),
            _safe(one.cause or ""),
        )
        for one in differences
    )
    return _table(("", "drift", "object", "cause"), tuple(rows))


def _table(columns: Iterable[str], rows: Rows) -> str:
    if not rows:
        return ""
    head = tuple(map(_safe, columns))
    shown = [head, ["---"] * len(head), *rows[:_MOST]]
    lines = [f"| {' | '.join(row)} |" for row in shown]
    more = f"\n\n… and {len(rows) - _MOST} more" if len(rows) > _MOST else ""
    return "\n".join(lines) + more


def _safe(text: str) -> str:
    """Return text in which nothing is markup, a mention or a line of its own."""
    escaped = _SPECIAL.sub(r"\\\1", sanitise(text, keep="\n"))
    return _REFERENCE.sub(_APART, escaped).replace("\n", "<br>")


FORMAT = Format(name="markdown", render=render)
