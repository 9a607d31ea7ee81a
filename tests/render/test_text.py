"""Nothing that is shown can fool a terminal, and widths are what a terminal shows."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate_hooks.render.text import lines, plain, sanitise, width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("orders", "orders"),
        ("Größe 日本 🐘", "Größe 日本 🐘"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\nb\tc\rd", r"a\x0ab\x09c\x0dd"),
        ("bell\x07 del\x7f csi\x9b", r"bell\x07 del\x7f csi\x9b"),
        ("\u202elqs.\u202c", r"\u202elqs.\u202c"),
        ("\u2066\u2069\u200e\u200f\u061c", r"\u2066\u2069\u200e\u200f\u061c"),
        ("us\u200ber\ufeff", r"us\u200ber\ufeff"),
        ("half \ud800", r"half \ud800"),
        ("line\u2028break", r"line\u2028break"),
    ],
)
def test_hostile_characters_are_shown_as_escapes(text: str, shown: str) -> None:
    assert sanitise(text) == shown


def test_what_is_kept_is_kept() -> None:
    assert sanitise("a\n\tb\x1b", keep="\n\t") == "a\n\tb\\x1b"


@given(st.text(st.characters(exclude_categories=())))
def test_what_is_safe_stays_so_and_can_be_written(text: str) -> None:
    once = sanitise(text)
    assert sanitise(once) == once
    once.encode("utf-8")
    assert not {unicodedata.category(sign) for sign in once} & {"Cc", "Cs", "Zl", "Zp"}


def test_our_signs_have_an_ascii_form() -> None:
    assert plain("✓ ✗ • · → … ≥ ≤") == "+ x * - -> ... >= <="
    assert plain("\u201ca\u201d \u2018b\u2019 \u2013 \u2014 \xd7") == "\"a\" 'b' - - x"


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("orders", 6), ("日本", 4), ("é", 1), ("e\u0301", 1), ("ｱ", 1)]
)
def test_width_counts_columns(text: str, columns: int) -> None:
    assert width(text) == columns


def test_lines_accept_any_line_break_and_drop_trailing_blanks() -> None:
    assert lines("a \r\n b\n\nc\n\n") == ("a", " b", "", "c")
