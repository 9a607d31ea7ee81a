"""The source line that a finding carries."""

import pytest

from migrate_hooks.lint import excerpts
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.outside.files import FileText

TEXT = "\ufeffSELECT 1;\r\n\tDROP TABLE t;\n" + "x" * 2_001
PATH = "m/a.sql"


def line_of(place: object, code: str = "a/b", severity: Severity = Severity.WARNING) -> str:
    finding = Finding(code, severity, "No.", place)  # type: ignore[arg-type]
    (found,) = excerpts.add([finding], {PATH: FileText(PATH, TEXT)})
    return found.excerpt


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (FilePlace(PATH, 1, 1), "SELECT 1;"),
        (FilePlace(PATH, 2, 2), "\tDROP TABLE t;"),
        (FilePlace(PATH, 3, 1), ""),
        (FilePlace(PATH, 99, 1), ""),
        (FilePlace("m/other.sql", 1, 1), ""),
        (ObjectPlace("dev", "table", "t"), ""),
        (None, ""),
    ],
)
def test_a_line_comes_without_its_end(place: object, expected: str) -> None:
    assert line_of(place) == expected


@pytest.mark.parametrize("code", ["naming/file-name", "order/out-of-order", "sections/up-missing"])
def test_what_is_about_the_file_shows_no_line(code: str) -> None:
    assert line_of(FilePlace(PATH, 1, 1), code) == ""


def test_info_shows_no_line() -> None:
    assert line_of(FilePlace(PATH, 1, 1), severity=Severity.INFO) == ""
