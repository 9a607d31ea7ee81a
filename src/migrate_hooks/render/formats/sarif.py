"""SARIF 2.1.0, the format that code scanning services exchange."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from migrate_hooks import __version__
from migrate_hooks.lint import pages
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.render import alerts
from migrate_hooks.render.base import Format, Style
from migrate_hooks.render.document import dump

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.CRITICAL: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_DONE = (Outcome.CLEAN, Outcome.FINDINGS)

Object = dict[str, Any]


def render(report: Report, style: Style) -> str:
    """Return one log with one run; `style` has no say in it, so INFO is always in it.

    Findings with a place are results. One without is about the run: a service wants a place for
    each result.
    """
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]})


def _run(report: Report) -> Object:
    placed = [one for one in report.findings if one.place is not None]
    codes = sorted({one.code for one in report.findings})
    driver = {
        "name": "migrate-hooks",
        "semanticVersion": __version__,
        "rules": [_rule(code) for code in codes],
    }
    names = alerts.fingerprints(placed)
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"migrate-hooks/{report.action or 'run'}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, codes)],
        "results": [_result(one, name, codes) for one, name in zip(placed, names, strict=True)],
    }


def _rule(code: str) -> Object:
    page = pages.find(code)
    if page is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": page.summary},
        "fullDescription": {"text": page.why},
        "help": {"text": page.instead, "markdown": pages.text(page)},
        "defaultConfiguration": {"level": _LEVELS[page.severity], "enabled": not page.opt_in},
    }


def _invocation(report: Report, codes: Sequence[str]) -> Object:
    return {
        "executionSuccessful": report.outcome in _DONE,
        "exitCode": int(report.exit_code),
        "toolExecutionNotifications": list(_notifications(report.findings, codes)),
    }


def _notifications(findings: Iterable[Finding], codes: Sequence[str]) -> Iterable[Object]:
    for one in findings:
        if one.place is None:
            yield {
                "associatedRule": {"id": one.code, "index": codes.index(one.code)},
                "level": _LEVELS[one.severity],
                "message": {"text": alerts.words(one)},
            }


def _result(finding: Finding, fingerprint: str, codes: Sequence[str]) -> Object:
    return {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": alerts.words(finding)},
        "locations": [_location(finding)],
        "partialFingerprints": {"primaryLocationLineHash": fingerprint},
    }


def _location(finding: Finding) -> Object:
    match finding.place:
        case FilePlace(path=path, line=line, column=column):
            region: Object = {"startLine": line, "startColumn": column}
            if finding.excerpt:
                region["snippet"] = {"text": finding.excerpt}
            return {"physicalLocation": {"artifactLocation": _artifact(path), "region": region}}
        case ObjectPlace(kind=kind, identity=identity):
            name = {"name": identity, "fullyQualifiedName": alerts.where(finding), "kind": kind}
            return {"logicalLocations": [name]}
    return {}


def _artifact(path: str) -> Object:
    """Return a path of the repository as it is; a file outside of it needs its whole address."""
    address = quote(path.encode("utf-8", "backslashreplace"))
    if PurePosixPath(path).is_absolute():
        return {"uri": f"file://{address}"}
    return {"uri": address, "uriBaseId": "%SRCROOT%"}


FORMAT = Format(name="sarif", render=render)
