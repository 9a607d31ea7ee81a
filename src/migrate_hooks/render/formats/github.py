"""Workflow commands of GitHub Actions: findings as annotations on the lines they are about."""

from collections.abc import Iterator

from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.report import Report
from migrate_hooks.render import alerts
from migrate_hooks.render.base import Format, Style
from migrate_hooks.render.text import sanitise

# GitHub shows this many of a type for one step and drops the others without a word.
_MOST = 10

_TYPES = {Severity.CRITICAL: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report, style: Style) -> str:
    """Return one command a finding, and a line for each type of which there were too many."""
    shown = [one for one in report.findings if style.verbose or one.severity != Severity.INFO]
    return "".join(f"{each}\n" for severity in Severity for each in _of(severity, shown))


def _of(severity: Severity, findings: list[Finding]) -> Iterator[str]:
    found = [one for one in findings if one.severity == severity]
    yield from (_command(one) for one in found[:_MOST])
    if len(found) > _MOST:
        more = len(found) - _MOST
        yield f"+{more} more {_TYPES[severity]}{'' if more == 1 else 's'}, not annotated"


def _command(finding: Finding) -> str:
    properties = {"title": finding.code}
    text = alerts.words(finding)
    match finding.place:
        case FilePlace(path=path, line=line, column=column):
            properties = {"file": path, "line": str(line), "col": str(column), **properties}
        case None:
            pass
        case _:
            text = f"{alerts.where(finding)}: {text}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_TYPES[finding.severity]} {listed}::{_data(text)}"


def _data(text: str) -> str:
    """Return `text` as one line that the runner turns back; nothing in it can start a command."""
    safe = sanitise(text, keep="\r\n")
    return safe.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMAT = Format(name="github", render=render)
