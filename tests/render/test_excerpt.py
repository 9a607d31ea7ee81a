"""The source line under a finding: the caret stands below the sign that it is about."""

import pytest

from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.render import excerpt
from migrate_hooks.render.base import Style
from migrate_hooks.render.ink import page


def shown(text: str, column: int, width: int = 0, **words: bool) -> list[str]:
    place = FilePlace("m/a.sql", 12, column)
    finding = Finding("a/b", Severity.CRITICAL, "No.", place, excerpt=text)
    style = Style(width=width, **words)
    return page(excerpt.lines(finding, style), style).splitlines()


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("DROP TABLE t;", 1, ["    12 | DROP TABLE t;", "       | ^"]),
        ("  DROP TABLE t;", 14, ["    12 |   DROP TABLE t;", "       |              ^"]),
        ("\tDROP\tTABLE t;", 7, ["    12 |  DROP TABLE t;", "       |       ^"]),
        ("SELECT '日本', x;", 13, ["    12 | SELECT '日本', x;", "       |               ^"]),
        ("a\x1bb", 3, ["    12 | a\\x1bb", "       |      ^"]),
        ("ab", 99, ["    12 | ab", "       |   ^"]),
    ],
)
def test_the_caret_stands_below_its_sign(text: str, column: int, expected: list[str]) -> None:
    assert shown(text, column) == expected


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_line_is_not_shown(text: str) -> None:
    assert shown(text, 1) == []


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("column", [1, 20, 41, 150, 299, 300, 301])
@pytest.mark.parametrize("sign", ["x", "日", "\x1b", "…"])
def test_a_long_line_is_cut_around_the_caret(sign: str, column: int, unicode: bool) -> None:
    text = sign * (column - 1) + "!" + sign * (300 - column)
    line, caret = shown(text, column, width=60, unicode=unicode)
    at = sum(1 + (ord(one) > 0x3000) for one in line.partition("!")[0])
    assert at == caret.index("^")
    assert sum(1 + (ord(one) > 0x3000) for one in line) <= 60
