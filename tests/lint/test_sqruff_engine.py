"""sqruff after our judgement: sqlfluff's codes, true lines, and what it could not read."""

from pathlib import Path

import pytest

from migrate_hooks.errors import Failure
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.outside import sqruff
from tests.lint.world import lint, places

QUICK = LintSettings(safety=False, down="optional", style_engine="sqruff")


def test_a_code_is_the_same_as_sqlfluffs(tmp_path: Path) -> None:
    sql = "-- Up\nSELECT 1;\n-- Down\nselect 2 from t;\nselect 3;\n"
    found = lint(sql, lint=QUICK, root=tmp_path)
    assert places(found) == [("sqlfluff/CP01", 4, 1), ("sqlfluff/CP01", 5, 1)]
    usual = LintSettings(safety=False, down="optional")
    assert found == lint(sql, lint=usual, root=tmp_path)
    assert "migrate-hooks lint --fix" in found[0].hint


def test_what_it_cannot_read_is_said_and_the_rest_is_read(tmp_path: Path) -> None:
    sql = "SELECT 1;\n\n  ALTER VIEW v SET (security_invoker = on);\nselect 2;\n"
    found = lint(sql, lint=QUICK, root=tmp_path)
    assert places(found) == [("sqlfluff/not-checked", 3, 3), ("sqlfluff/CP01", 4, 1)]
    assert found[0].message.startswith("sqruff cannot read ALTER VIEW v")


def test_a_crash_is_a_warning_about_each_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash() -> sqruff.Found:
        raise Failure("sqruff ended with code 101 and gave no answer: no output")

    monkeypatch.setattr(sqruff, "begin", lambda *_: crash)
    found = lint("SELECT 1;\n", lint=QUICK, root=tmp_path)
    assert [(one.code, one.severity) for one in found] == [("sqlfluff/not-checked", "warning")]


def test_what_postgresql_refuses_has_no_style(tmp_path: Path) -> None:
    found = lint("SELECT 1;\nselect 'x;\n", lint=QUICK, root=tmp_path)
    assert [one.code for one in found] == ["structure/syntax"]


def test_style_off_is_off(tmp_path: Path) -> None:
    off = LintSettings(safety=False, down="optional", style=False, style_engine="sqruff")
    assert lint("select 1;\nSELECT 2;\n", lint=off, root=tmp_path) == ()
