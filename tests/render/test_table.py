"""Columns stand under each other."""

from migrate_hooks.render.base import Style
from migrate_hooks.render.ink import Span, page
from migrate_hooks.render.table import table


def drawn(header: tuple[str, ...], *rows: tuple[str, ...], width: int = 0) -> list[str]:
    style = Style(width=width)
    made = table(header, [[Span(text) for text in row] for row in rows], style, indent="")
    return page(made, style).splitlines()


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


def test_the_last_column_is_folded_where_the_terminal_is_narrow() -> None:
    row = ("dev", "one two three four five six seven eight nine ten")
    assert drawn(("name", "detail"), row, width=40) == [
        "name  detail",
        "dev   one two three four five six seven",
        "      eight nine ten",
    ]


def test_a_word_that_fits_nowhere_stays_beside_its_row() -> None:
    path = "migrations/20260102030405_add_orders_and_more.sql"
    assert drawn(("step", "file"), ("up", f"{path} alone"), width=40) == [
        "step  file",
        f"up    {path}",
        "      alone",
    ]


def test_a_line_feed_in_a_cell_begins_no_line() -> None:
    assert drawn(("a", "b"), ("1", "x\nforged"), width=40) == ["a  b", r"1  x\x0aforged"]


def test_a_table_without_rows_is_drawn_at_any_width() -> None:
    assert drawn(("a", "b"), width=40) == drawn(("a", "b"))


def test_no_line_ends_in_blanks() -> None:
    assert drawn(("a", "b"), ("long name", "x"), ("y", "")) == ["a          b", "long name  x", "y"]
