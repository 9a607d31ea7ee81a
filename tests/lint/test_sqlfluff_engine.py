"""sqlfluff's findings after our judgement: warnings, true lines, and what it could not read."""

from pathlib import Path

import pytest

from migrate_hooks.lint.engines import sqlfluff as engine
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.outside.sqlfluff import Style
from tests.lint.world import lint, places

ONLY_STYLE = LintSettings(safety=False, down="optional")


def style(sql: str, root: Path) -> list[tuple[str, str, int, int]]:
    found = lint(sql, lint=ONLY_STYLE, root=root)
    severities = [str(one.severity) for one in found]
    return [
        (code.removeprefix("sqlfluff/"), severity, line, column)
        for (code, line, column), severity in zip(places(found), severities, strict=True)
    ]


def test_style_warns_once_a_line_and_never_blocks(tmp_path: Path) -> None:
    sql = "-- Up\nSELECT 1;\n-- Down\nselect 2 from t;\nselect 3;\n"
    assert style(sql, tmp_path) == [("CP01", "warning", 4, 1), ("CP01", "warning", 5, 1)]


@pytest.mark.parametrize(
    "unread",
    [
        "ALTER VIEW v SET (security_invoker = on);",
        "CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f();",
        'CREATE FUNCTION f() RETURNS int LANGUAGE "plpgsql" AS $$\nBEGIN\n  RETURN 1;\nEND\n$$;',
        "ALTER FUNCTION f() SET search_path = a, b;",
        "GRANT a TO b WITH ADMIN OPTION GRANTED BY c;",
    ],
)
def test_what_it_cannot_read_is_said_and_the_rest_is_read(tmp_path: Path, unread: str) -> None:
    sql = f"SELECT 1;\n\n  {unread}\nselect 2;\n"
    last = sql.count("\n")
    found = style(sql, tmp_path)
    assert ("CP01", "warning", last, 1) in found
    assert [one for one in found if one[0] == "not-checked"] in (
        [("not-checked", "info", 3, 3)],
        [],  # a newer sqlfluff can read it
    )


def test_at_least_one_statement_is_beyond_it(tmp_path: Path) -> None:
    found = lint("ALTER VIEW v SET (security_invoker = on);\n", lint=ONLY_STYLE, root=tmp_path)
    assert [one.message for one in found] == [
        "sqlfluff cannot read ALTER VIEW v, although PostgreSQL can, so its style was not checked."
    ]


def test_hiding_keeps_places_behind_a_byte_order_mark_and_crlf(tmp_path: Path) -> None:
    sql = "\ufeffALTER VIEW v\r\n SET (security_invoker = on); SELECT 1;\r\nselect 2;\r\n"
    found = style(sql, tmp_path)
    assert ("not-checked", "info", 1, 1) in found
    assert ("CP01", "warning", 3, 1) in found


def test_too_many_unreadable_statements_end_the_attempt(tmp_path: Path) -> None:
    sql = "ALTER VIEW v SET (security_invoker = on);\n" * 20
    ((code, severity, line, _),) = style(sql, tmp_path)
    assert (code, severity, line) == ("not-checked", "info", 13)


def test_a_file_that_is_too_large_is_not_called_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "LARGEST", 10)
    assert style("SELECT 1234567;\n", tmp_path) == [("not-checked", "info", 1, 1)]


def test_a_crash_is_a_warning_about_that_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RecursionError

    monkeypatch.setattr(Style, "lint", crash)
    (found,) = lint("SELECT 1;\n", lint=ONLY_STYLE, root=tmp_path)
    assert (found.code, found.severity) == ("sqlfluff/not-checked", Severity.WARNING)
    assert "RecursionError" in found.message


def test_what_postgresql_refuses_has_no_style(tmp_path: Path) -> None:
    assert [one[0] for one in style("SELECT 1;\nselect 'x;\n", tmp_path)] == ["structure/syntax"]
