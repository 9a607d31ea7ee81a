"""A server's socket with somebody in between who can cut the line."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

Cut = Callable[[bytes], str]
"""From what a client sends to "" (go on), "before" or "after" it has reached the server."""


class Proxy:
    """Listens in `folder` as a server would; every connection goes to the server at `server`.

    Once the line was cut, `refuse` tells whether new connections are turned away.
    """

    def __init__(self, folder: Path, server: Path, cut: Cut, *, refuse: bool = False) -> None:
        self._server, self._cut, self._refuse = server, cut, refuse
        self.was_cut = False
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()

    def __enter__(self) -> "Proxy":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.was_cut and self._refuse:
                    client.close()
                    continue
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._server / ".s.PGSQL.5432"))
                for word in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._carry, args=word, daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket, watched: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65_536):
                when = self._cut(data) if watched and not self.was_cut else ""
                if when != "before":
                    sink.sendall(data)
                if when:
                    self.was_cut = True
                    self._hang_up(source, sink, answered=when == "after")
                    return
        for each in (source, sink):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    @staticmethod
    def _hang_up(client: socket.socket, server: socket.socket, *, answered: bool) -> None:
        """Leave the client without an answer; what reached the server is carried out first."""
        if answered:
            server.settimeout(5)
            with suppress(OSError):
                server.recv(1, socket.MSG_PEEK)
        for each in (client, server):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
