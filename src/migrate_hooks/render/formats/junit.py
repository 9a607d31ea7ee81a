"""JUnit's XML, which every CI service shows: one test case a finding, failed if it blocks."""

from collections.abc import Iterator
from html import escape
from itertools import groupby

from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.render import alerts
from migrate_hooks.render.base import Format, Style
from migrate_hooks.render.text import sanitise

# XML knows no way to write these two; everything else that it lacks is shown as an escape before.
_NO_CHARACTERS = str.maketrans(dict.fromkeys("\ufffe\uffff", "?"))


def render(report: Report, style: Style) -> str:
    """Return a suite for each file and one for the rest.

    A test case fails exactly for what made the action fail, so that the service and the exit code
    agree; warnings are test cases that pass and say something. INFO needs a verbose report.
    """
    shown = [one for one in report.findings if style.verbose or one.severity != Severity.INFO]
    suites = [
        _suite(name, [_case(one) for one in group])
        for name, group in groupby(sorted(shown, key=_file), key=_file)
    ]
    said = any(one.severity == Severity.CRITICAL for one in shown)
    if report.outcome is not Outcome.CLEAN and not said:
        suites.append(_suite("", [_outcome(report)]))
    body = "\n".join(suites or [_suite("", [_passed(report)])])
    text = f'<testsuites name="migrate-hooks {_text(report.action)}">\n{body}\n</testsuites>\n'
    # Signs as references survive a stream that is not UTF-8.
    ascii_only = text.encode("ascii", "xmlcharrefreplace").decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ascii_only}'


def _file(finding: Finding) -> str:
    return finding.place.path if isinstance(finding.place, FilePlace) else ""


def _suite(name: str, cases: list[tuple[str, bool]]) -> str:
    failures = sum(failed for _, failed in cases)
    head = f'name="{_text(name or "migrate-hooks")}" tests="{len(cases)}" failures="{failures}"'
    return "\n".join([f"  <testsuite {head}>", *(text for text, _ in cases), "  </testsuite>"])


def _case(finding: Finding) -> tuple[str, bool]:
    failed = finding.severity == Severity.CRITICAL
    place, words = alerts.where(finding), alerts.words(finding)
    told = "\n".join(filter(None, (place, words)))
    inner = (
        f'<failure message="{_text(finding.message)}" type="{_text(finding.code)}">'
        f"{_text(told)}</failure>"
        if failed
        else f"<system-out>{_text(f'{finding.severity}: {told}')}</system-out>"
    )
    name = f"{finding.code} {place}".strip()
    return "\n".join(_element(name, _file(finding) or "migrate-hooks", inner)), failed


def _outcome(report: Report) -> tuple[str, bool]:
    """Return a test case that fails where no finding of its own says why the action did."""
    message = f"{report.action}: {report.outcome}, exit code {int(report.exit_code)}"
    inner = f'<failure message="{_text(message)}" type="{report.outcome}"/>'
    return "\n".join(_element("outcome", "migrate-hooks", inner)), True


def _passed(report: Report) -> tuple[str, bool]:
    name = _text(report.action or "migrate-hooks")
    return f'    <testcase name="{name}" classname="migrate-hooks"/>', False


def _element(name: str, group: str, inner: str) -> Iterator[str]:
    yield f'    <testcase name="{_text(name)}" classname="{_text(group)}">'
    yield f"      {inner}"
    yield "    </testcase>"


def _text(words: str) -> str:
    return escape(sanitise(words, keep="\n\t").translate(_NO_CHARACTERS))


FORMAT = Format(name="junit", render=render)
