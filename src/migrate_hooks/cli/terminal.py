"""The two streams: what each of them can show, and how a text gets there without a crash."""

import os
import sys
from contextlib import suppress
from typing import TextIO

from migrate_hooks.cli.asked import Asked
from migrate_hooks.render.base import Style
from migrate_hooks.render.text import plain, sanitise

# Every sign of ours that is not ASCII stands for the rest.
SIGNS = "✓✗•→…"


def style(asked: Asked, stream: TextIO) -> Style:
    """Return what `stream` can show."""
    return Style(
        color=_color(asked.color, stream),
        unicode=_unicode(stream),
        verbose=asked.verbose,
        width=width(stream),
    )


def write(stream: TextIO, text: str) -> None:
    """Write and flush; what the stream's encoding lacks is written as an escape."""
    _lenient(stream)
    stream.write(text)
    stream.flush()


def say(sentence: str, keep: str = "") -> None:
    """Write one line of progress to standard error; characters in `keep` stay as they are.

    Nobody's leaving, and no full disk, stops the work that the line is about.
    """
    safe = sanitise(sentence, keep)
    with suppress(OSError):
        write(sys.stderr, f"{safe if _unicode(sys.stderr) else plain(safe)}\n")


def _lenient(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _color(wish: str, stream: TextIO) -> bool:
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _unicode(stream: TextIO) -> bool:
    # Python speaks UTF-8 even where the locale is C, but the terminal was promised nothing more
    # than ASCII there.
    if (os.environ.get("LC_ALL") or os.environ.get("LANG")) in ("C", "POSIX"):
        return False
    try:
        SIGNS.encode(stream.encoding)
    except (UnicodeEncodeError, LookupError, TypeError):
        return False
    return True


def is_live(stream: TextIO) -> bool:
    """Return whether a line on `stream` can be written over."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width(stream: TextIO) -> int:
    """Return the columns of a terminal, 0 for anything else."""
    if not stream.isatty():
        return 0
    try:
        return os.get_terminal_size(stream.fileno()).columns
    except OSError:
        return 0
