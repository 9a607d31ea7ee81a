"""The program in processes that are forked from an interpreter which has read its modules already.

A program that starts anew reads modules for a fifth of a second, which is most of what a test of a
command takes. Such a child is a process like any other: words, folder, environment, streams, exit
code and death of its own. What it cannot show, that a fresh interpreter finds every module it
needs, is shown by the hooks that git starts and by what `tests/house` starts.

Run as a program this module is that interpreter: it serves the socket whose number it is given
until its standard input ends.
"""

import gc
import json
import os
import runpy
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import NamedTuple

from tests.calling import NUMBER, VARIABLE, call, number

# What most commands load when they need it.
_ALSO = ("dotenv", "git", "postgast", "psycopg")
# The first is the program itself; where sqlfluff is loaded the program judges style in process.
_NOT = ("migrate_hooks.__main__", "migrate_hooks.outside.sqlfluff")

_ROOT = Path(__file__).parents[1]
_COMMAND = """\
#!{} -SE
import sys
sys.path.insert(0, {!r})
from tests.calling import main
main()
"""
_started: list["subprocess.Popen[bytes]"] = []


class Child:
    """A running child; knows as much of `subprocess.Popen` as tests need."""

    def __init__(
        self, words: Sequence[str], cwd: Path, env: Mapping[str, str], streams: Sequence[int]
    ) -> None:
        """Start it with `words` behind the program's name, on three file descriptors."""
        self._line = call(address(), words, os.fspath(cwd), env, streams)
        self.pid = number(self._line)
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code, or the negative number of the signal that ended it.

        Raises TimeoutExpired when it still runs after `timeout` seconds.
        """
        if self.returncode is None:
            self._line.settimeout(timeout)
            try:
                self.returncode = number(self._line)
            except TimeoutError:
                raise subprocess.TimeoutExpired(f"child {self.pid}", timeout or 0) from None
            self._line.close()
        return self.returncode

    def is_over(self) -> bool:
        """Return whether it has ended; `wait` will not wait then."""
        return self.returncode is not None or bool(select.select([self._line], [], [], 0)[0])

    def send_signal(self, signal_: int) -> None:
        """Send it a signal, unless it has ended."""
        if not self.is_over():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal_)


@cache
def address() -> str:
    """Start the warm interpreter of this process and return the path of its socket."""
    path = f"{tempfile.mkdtemp(prefix='migrate-hooks-warm-')}/socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        handle = listener.fileno()
        words = [sys.executable, "-m", "tests.warm", str(handle)]
        warm = subprocess.Popen(words, cwd=_ROOT, pass_fds=[handle], stdin=subprocess.PIPE)
        _started.append(warm)
    return path


def command(folder: Path) -> dict[str, str]:
    """Put a `migrate-hooks` into `folder` that is warm; return the variables that it needs."""
    file = folder / "migrate-hooks"
    file.write_text(_COMMAND.format(sys.executable, str(_ROOT)))
    file.chmod(0o755)
    return {VARIABLE: address()}


def release() -> None:
    """End the warm interpreter, if one was started."""
    for one in _started:
        one.communicate()
        shutil.rmtree(Path(address()).parent, ignore_errors=True)


class _Call(NamedTuple):
    words: list[str]
    folder: str
    environment: dict[str, str]
    streams: list[int]


def _load() -> None:
    import migrate_hooks

    ours = [one.name for one in walk_packages(migrate_hooks.__path__, "migrate_hooks.")]
    for name in (*ours, *_ALSO):
        if name not in _NOT:
            with suppress(Exception):  # the child that needs it says what is wrong with it
                import_module(name)
    gc.collect()
    gc.freeze()


def _serve(listener: socket.socket) -> _Call | None:
    """Fork for every connection: return the call in each child, and None at the very end."""
    running: dict[int, socket.socket] = {}
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    while True:
        ready, _, _ = select.select([listener, woken, sys.stdin], [], [])
        if woken in ready:
            os.read(woken, 4096)
            _tell_ends(running)
        if listener in ready:
            line, _ = listener.accept()
            call = _receive(line)
            child = os.fork()
            if not child:
                return call
            running[child] = line
            line.sendall(NUMBER.pack(child))
            for stream in call.streams:
                os.close(stream)
        if sys.stdin in ready:
            return None


def _receive(line: socket.socket) -> _Call:
    size, streams, _, _ = socket.recv_fds(line, NUMBER.size, 3)
    told = line.recv(NUMBER.unpack(size)[0], socket.MSG_WAITALL)
    words, folder, environment = json.loads(told)
    return _Call(words, folder, environment, streams)


def _tell_ends(running: dict[int, socket.socket]) -> None:
    while running:
        child, status = os.waitpid(-1, os.WNOHANG)
        if not child:
            return
        with running.pop(child) as line:
            line.sendall(NUMBER.pack(os.waitstatus_to_exitcode(status)))


def _become(call: _Call) -> None:
    """Be the program, in this process."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for place, stream in enumerate(call.streams):
        os.dup2(stream, place)
        os.close(stream)
    _open_streams()
    os.chdir(call.folder)
    os.environ.clear()
    os.environ.update(call.environment)
    time.tzset()
    sys.argv[1:] = call.words
    try:
        runpy.run_module("migrate_hooks", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        # The system takes the memory back at once; Python would take it apart for longer than
        # most commands run. The program leaves nothing to be done at exit.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)


def _open_streams() -> None:
    """Open the standard streams again: what they are, a file or a pipe, was asked at the start."""
    for place, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        old = getattr(sys, name)
        by_lines = 1 if name == "stderr" else -1
        new = os.fdopen(place, mode, by_lines, old.encoding, old.errors, closefd=False)
        setattr(sys, name, new)


def _main() -> None:
    sys.path.remove(str(_ROOT))  # with -P the program sees only what is installed
    # ctrl-C at a terminal is for the tests, which end us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _load()
    call = _serve(socket.socket(fileno=int(sys.argv[1])))
    if call:
        _become(call)


if __name__ == "__main__":
    _main()
