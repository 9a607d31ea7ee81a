"""The line at the bottom of a terminal: drawn, cleared for what stays, and absent elsewhere."""

import os
import pty
import time
from collections.abc import Iterator
from io import StringIO
from typing import TextIO

import pytest

from migrate_hooks.cli.status_line import StatusLine

CLEAR = "\r\x1b[K"


@pytest.fixture
def terminal() -> Iterator[tuple[TextIO, int]]:
    """A terminal to write to, and the descriptor to read what it shows."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as stream:
        yield stream, ours
    os.close(ours)


def read(descriptor: int, until: str) -> str:
    shown = ""
    deadline = time.monotonic() + 20
    while until not in shown:
        assert time.monotonic() < deadline, shown
        shown += os.read(descriptor, 4096).decode()
    return shown


def test_it_says_what_is_under_way_and_for_how_long(terminal: tuple[TextIO, int]) -> None:
    stream, ours = terminal
    with StatusLine(stream, enabled=True) as line:
        line.show("statement 1 of 2\x1b[31m: CREATE TABLE")
        shown = read(ours, " s)")
    assert shown.startswith(CLEAR + "statement 1 of 2")
    assert "\x1b[31m" not in shown, "a file's words are shown, not obeyed"


def test_a_line_that_stays_takes_it_away_first(terminal: tuple[TextIO, int]) -> None:
    stream, ours = terminal
    with StatusLine(stream, enabled=True) as line:
        say = line.around(lambda words: stream.write(f"{words}\n"))
        line.show("busy")
        read(ours, "busy")
        say("done with it")
        assert read(ours, "done with it").rstrip().endswith(f"{CLEAR}done with it")


def test_where_no_terminal_is_nothing_is_drawn() -> None:
    stream = StringIO()
    with StatusLine(stream, enabled=False) as line:
        line.show("busy")
        line.around(stream.write)("said")
    assert stream.getvalue() == "said"


def test_a_terminal_that_is_gone_stops_nothing(terminal: tuple[TextIO, int]) -> None:
    stream = StringIO()
    stream.close()
    with StatusLine(stream, enabled=True) as line:
        line.show("")
        line.show("busy")
