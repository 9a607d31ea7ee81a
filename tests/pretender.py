"""A server that is too old for us, as far as a client can tell from its greeting."""

import socket
import threading
from contextlib import suppress


class OldServer:
    """A socket that greets every client as PostgreSQL of the given version and says no more.

    With `tls` it agrees to encrypt, and hangs up.
    """

    def __init__(self, version: str, *, tls: bool = False) -> None:
        self.version, self.tls = version, tls
        self.listener = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> int:
        """Start to listen and return the port."""
        threading.Thread(target=self._greet_all, daemon=True).start()
        return int(self.listener.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self.listener.close()

    def _greet_all(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                with client:
                    self._greet(client)

    def _greet(self, client: socket.socket) -> None:
        client.recv(4096)
        if self.tls:
            client.sendall(b"S")
            return
        client.sendall(_message(b"R", (0).to_bytes(4, "big")))
        for name, value in (("server_version", self.version), ("client_encoding", "UTF8")):
            client.sendall(_message(b"S", f"{name}\0{value}\0".encode()))
        client.sendall(_message(b"K", bytes(8)))
        client.sendall(_message(b"Z", b"I"))
        client.recv(4096)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body
