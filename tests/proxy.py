"""A server's socket with somebody in between who can cut the line."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

Cut = Callable[[bytes], str]
"""From what a client sends to "" (go on), "before" or "after" it has reached the server.

"silent" cuts nothing: from then on nobody hears anything more, as behind a firewall that forgot.
"""

_READY = b"Z\0\0\0\x05"
"""How the server ends its answer, but for the last byte."""


class Proxy:
    """Listens in `folder` as a server would; every connection goes to the server at `server`.

    Once the line was cut, `refuse` tells whether new connections are turned away.
    """

    def __init__(self, folder: Path, server: Path, cut: Cut, *, refuse: bool = False) -> None:
        self._server, self._cut, self._refuse = server, cut, refuse
        self.was_cut = False
        self._is_silent = False
        self._sockets: list[socket.socket] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> "Proxy":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        _hang_up(self._listener)
        self._thread.join(10)
        _hang_up(*self._sockets)
        for each in (self._listener, *self._sockets):
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._sockets.append(client)
                if self.was_cut and self._refuse:
                    _hang_up(client)
                if self.was_cut and (self._refuse or self._is_silent):
                    continue
                server = socket.socket(socket.AF_UNIX)
                self._sockets.append(server)
                server.connect(str(self._server / ".s.PGSQL.5432"))
                line = _Line(threading.Event(), threading.Lock())
                for word in ((client, server, True, line), (server, client, False, line)):
                    threading.Thread(target=self._carry, args=word, daemon=True).start()

    def _carry(
        self, source: socket.socket, sink: socket.socket, watched: bool, line: "_Line"
    ) -> None:
        """Carry one direction; nobody hears that the other end is gone before `cut` has decided."""
        with suppress(OSError):
            while data := source.recv(65_536):
                when = self._decide(data, line) if watched and not self.was_cut else ""
                if when:
                    self.was_cut = True
                    self._is_silent = when == "silent"
                if when == "after":
                    line.last.set()
                if when == "before" or (line.last.is_set() and data[-6:-1] == _READY):
                    break
                if not self._is_silent and (watched or not line.last.is_set()):
                    sink.sendall(data)
        with line.deciding:
            _hang_up(source, sink)

    def _decide(self, data: bytes, line: "_Line") -> str:
        with line.deciding:
            return self._cut(data)


class _Line(NamedTuple):
    """One connection: once `last` is set, the server's next answer is not delivered."""

    last: threading.Event
    deciding: threading.Lock


def _hang_up(*sockets: socket.socket) -> None:
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
