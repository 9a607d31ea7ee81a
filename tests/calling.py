"""How a warm interpreter is asked for a child; read quickly, because programs start with it.

Run as a program this is `migrate-hooks` for a shell: a child with the shell's folder, variables
and streams, and its exit code.
"""

import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from struct import Struct

VARIABLE = "TEST_WARM_SOCKET"
"""Names the socket of the warm interpreter."""

NUMBER = Struct("!i")


def call(
    address: str,
    words: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    streams: Sequence[int],
) -> socket.socket:
    """Ask for a child on three file descriptors.

    The socket that is returned tells its process id, and how it ended, as `number` reads them.
    """
    line = socket.socket(socket.AF_UNIX)
    line.connect(address)
    told = json.dumps([list(words), folder, dict(environment)]).encode()
    socket.send_fds(line, [NUMBER.pack(len(told))], list(streams))
    line.sendall(told)
    return line


def number(line: socket.socket) -> int:
    """Wait for the next number; a negative one is the signal that ended the child."""
    data = line.recv(NUMBER.size, socket.MSG_WAITALL)
    assert len(data) == NUMBER.size, "the warm interpreter is gone"
    return int(NUMBER.unpack(data)[0])


def main() -> None:
    """Be the program for a shell."""
    line = call(os.environ[VARIABLE], sys.argv[1:], os.getcwd(), os.environ, (0, 1, 2))  # noqa: PTH109
    number(line)
    code = number(line)
    sys.exit(code if code >= 0 else 128 - code)
