"""What can be read about a code, for each that a finding may have."""

import pytest

from migrate_hooks.lint import codes, pages
from migrate_hooks.lint.hazards import HAZARDS
from migrate_hooks.model.finding import Severity

PAGES = {one.code: one for one in pages.every()}


def test_every_rule_and_every_hazard_has_a_page() -> None:
    hazards = {f"squawk/{name}" for name in HAZARDS}
    assert PAGES.keys() == {*codes.rules(), *hazards, "squawk/*", "sqlfluff/*"}


@pytest.mark.parametrize("code", PAGES)
def test_a_page_says_why_what_else_and_how_to_waive_it(code: str) -> None:
    page = PAGES[code]
    text = pages.text(page)
    assert text.startswith(f"# {code}\n\n")
    assert f"Severity: {page.severity}" in text
    assert "{" not in page.why + page.instead
    assert page.summary.endswith(".")
    titles = ["## Why", "## Instead", "## How to waive it"]
    assert [one for one in text.splitlines() if one in titles] == titles
    assert codes.is_never(code) == (f"ignore {code} because" not in text)


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("structure/syntax", Severity.CRITICAL),
        ("squawk/ban-drop-table", Severity.CRITICAL),
        ("squawk/prefer-text-field", Severity.INFO),
        ("squawk/require-enum-value-ordering", Severity.INFO),
        ("sqlfluff/LT01", Severity.WARNING),
    ],
)
def test_a_code_is_found(code: str, severity: Severity) -> None:
    page = pages.find(code)
    assert page is not None
    assert (page.code, page.severity) == (code, severity)


@pytest.mark.parametrize("code", ["structure/syntaks", "squawk/nothing", "sqlfluff", "", "locks/"])
def test_a_code_that_nobody_has_is_not_found(code: str) -> None:
    assert pages.find(code) is None


def test_examples_show_the_files_that_they_stand_beside() -> None:
    text = pages.text(PAGES["naming/duplicate-version"])
    assert "    -- migrations/" in text
