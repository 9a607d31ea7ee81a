"""The source line of a finding, for whoever reads the report without the file."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.outside.files import FileText

# A line that is longer was written by a program, and a report with a hundred of them is no help.
_LONGEST = 2_000

# What is about the file as a whole has a place, but the line that stands there says nothing.
_ABOUT_FILES = ("naming/", "order/")
_ABOUT_NOTHING = "-missing"


def add(findings: Iterable[Finding], texts: Mapping[str, FileText]) -> tuple[Finding, ...]:
    """Return the findings with their source lines, where `texts` has the file; INFO has none."""
    lines: dict[str, list[str]] = {}
    return tuple(_with_line(one, texts, lines) for one in findings)


def _with_line(
    finding: Finding, texts: Mapping[str, FileText], lines: dict[str, list[str]]
) -> Finding:
    place = finding.place
    if not isinstance(place, FilePlace) or place.path not in texts or not _has_line(finding):
        return finding
    if place.path not in lines:
        lines[place.path] = texts[place.path].text.removeprefix("\ufeff").split("\n")
    found = lines[place.path][place.line - 1 : place.line]
    line = found[0].rstrip() if found else ""
    return replace(finding, excerpt=line) if len(line) <= _LONGEST else finding


def _has_line(finding: Finding) -> bool:
    return (
        finding.severity is not Severity.INFO
        and not finding.code.startswith(_ABOUT_FILES)
        and not finding.code.endswith(_ABOUT_NOTHING)
    )
