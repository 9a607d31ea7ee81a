"""GitLab's code quality report: a JSON list that a merge request compares with its target's."""

from typing import Any

from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.report import Report
from migrate_hooks.render import alerts
from migrate_hooks.render.base import Format, Style
from migrate_hooks.render.document import dump

_SEVERITIES = {
    Severity.CRITICAL: "critical",
    Severity.WARNING: "minor",
    Severity.INFO: "info",
}


def render(report: Report, style: Style) -> str:
    """Return the list; INFO is in it only when the report is verbose."""
    shown = [one for one in report.findings if style.verbose or one.severity != Severity.INFO]
    pairs = zip(shown, alerts.fingerprints(shown), strict=True)
    return dump([_issue(finding, name, report) for finding, name in pairs])


def _issue(finding: Finding, fingerprint: str, report: Report) -> dict[str, Any]:
    place = finding.place
    # A path is obligatory: what is in no file stands under its object, or under the action.
    path = place.path if isinstance(place, FilePlace) else alerts.where(finding) or report.action
    return {
        "description": alerts.words(finding),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": path or "migrate-hooks",
            "lines": {"begin": place.line if isinstance(place, FilePlace) else 1},
        },
    }


FORMAT = Format(name="gitlab", render=render)
