"""Columns stand under each other."""

from migrate_hooks.render.base import Style
from migrate_hooks.render.ink import Span, page
from migrate_hooks.render.table import table


def drawn(header: tuple[str, ...], *rows: tuple[str, ...]) -> list[str]:
    made = table(header, [[Span(text) for text in row] for row in rows], indent="")
    return page(made, Style()).splitlines()


def test_wide_signs_take_two_columns() -> None:
    assert drawn(("name", "at"), ("日本", "x"), ("core", "y")) == [
        "name  at",
        "日本  x",
        "core  y",
    ]


def test_escapes_count_as_they_are_shown() -> None:
    assert drawn(("", ""), ("\x1b", "x"), ("core", "y")) == [r"\x1b  x", "core  y"]


def test_an_empty_column_is_left_out_with_its_title() -> None:
    assert drawn(("a", "b", "c"), ("1", "", "3"), ("4", "", "6")) == ["a  c", "1  3", "4  6"]


def test_no_line_ends_in_blanks() -> None:
    assert drawn(("a", "b"), ("long name", "x"), ("y", "")) == ["a          b", "long name  x", "y"]
