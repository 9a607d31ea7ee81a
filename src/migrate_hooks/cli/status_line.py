"""One line at the bottom of a terminal that says what is under way, and for how long."""

import threading
import time
from collections.abc import Callable
from typing import TextIO, TypeVar

from migrate_hooks.cli import terminal
from migrate_hooks.render.text import sanitise

_DRAW_SECONDS = 0.5
_CLEAR = "\r\x1b[K"
_USUAL_WIDTH = 80  # where a terminal does not tell
T = TypeVar("T")


class StatusLine:
    """Draws itself twice a second from a thread of its own; does nothing unless `enabled`."""

    def __init__(self, stream: TextIO, *, enabled: bool) -> None:
        self._stream, self._enabled = stream, enabled
        self._words, self._since = "", 0.0
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> "StatusLine":
        return self

    def __exit__(self, *_: object) -> None:
        self.show("")
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=1)

    def show(self, words: str) -> None:
        """Say what is under way from now on; "" takes the line away."""
        if not self._enabled:
            return
        with self._lock:
            self._words, self._since = words, time.monotonic()
            if not words:
                self._write(_CLEAR)
        if words and self._thread is None:
            self._thread = threading.Thread(target=self._draw, daemon=True)
            self._thread.start()

    def around(self, write: Callable[[str], T]) -> Callable[[str], T]:
        """Return a writer of lines that takes the status away before it writes."""

        def wrapped(words: str) -> T:
            with self._lock:
                self._words = ""
                if self._enabled:
                    self._write(_CLEAR)
                return write(words)

        return wrapped

    def _draw(self) -> None:
        while not self._ended.wait(_DRAW_SECONDS):
            with self._lock:
                if self._words:
                    seconds = int(time.monotonic() - self._since)
                    width = (terminal.width(self._stream) or _USUAL_WIDTH) - 1
                    self._write(_CLEAR + f"{sanitise(self._words)} ({seconds} s)"[:width])

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # whoever watched is gone
            self._enabled = False
