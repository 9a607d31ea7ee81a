"""The program as a user meets it: a process with words, an exit code and two streams."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NamedTuple

from tests import warm


class Finished(NamedTuple):
    """What a process left behind; unpacks as (code, stdout, stderr)."""

    code: int
    stdout: str
    stderr: str


class Running:
    """The program at work, which must be ended: by `end`, or by `communicate` after a signal."""

    def __init__(
        self, words: list[str], cwd: Path, env: Mapping[str, str], stdin: str = ""
    ) -> None:
        self._streams = [_stream(), _stream(), _stream()]
        self._streams[0].write(stdin)
        self._streams[0].seek(0)
        self._child = warm.Child(words, cwd, env, [stream.fileno() for stream in self._streams])

    @property
    def returncode(self) -> int | None:
        return self._child.returncode

    @property
    def is_over(self) -> bool:
        return self._child.is_over()

    def errors(self) -> str:
        """Return what it has said on standard error so far."""
        return os.pread(self._streams[2].fileno(), 1_000_000, 0).decode(errors="replace")

    def send_signal(self, number: int) -> None:
        self._child.send_signal(number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float = 120) -> tuple[str, str]:
        """Wait for its end and return what it wrote to standard output and standard error.

        It is killed when it takes longer than `timeout` seconds; then raises TimeoutExpired.
        """
        try:
            self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        for stream in self._streams:
            stream.seek(0)
        _, out, err = (stream.read() for stream in self._streams)
        for stream in self._streams:
            stream.close()
        return out, err

    def end(self, timeout: float = 120) -> Finished:
        """Wait for its end as `communicate` does and return all that it left."""
        out, err = self.communicate(timeout)
        assert self.returncode is not None
        return Finished(self.returncode, out, err)


def _stream() -> IO[str]:
    return tempfile.TemporaryFile("w+", encoding="utf-8")


class Program:
    """Runs `python -P -m migrate_hooks` in `folder`, from a warm interpreter where that will do.

    It will not do where `start` is another one, or variables are set that an interpreter heeds.
    """

    start: tuple[str, ...] = (sys.executable, "-P", "-m", "migrate_hooks")

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(
        self,
        *words: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: str = "",
        timeout: float = 120,
    ) -> Finished:
        """Run to the end; `env` is added to this process's environment."""
        told = [*map(str, words)]
        variables = {**os.environ, **(env or {})}
        if self.start != Program.start or _are_heeded(env or {}):
            return _cold([*self.start, *told], cwd or self.folder, variables, stdin, timeout)
        return Running(told, cwd or self.folder, variables, stdin).end(timeout)

    def begin(self, *words: str | Path) -> Running:
        """Start it and let it run, without anything on its standard input."""
        return Running([*map(str, words)], self.folder, os.environ)


def _are_heeded(env: Mapping[str, str]) -> bool:
    """Return whether an interpreter that starts would be another one with these variables."""
    return any(name.startswith(("LANG", "LC_", "PYTHON")) for name in env)


def _cold(
    words: list[str], cwd: Path, env: Mapping[str, str], stdin: str, timeout: float
) -> Finished:
    done = subprocess.run(
        words,
        cwd=cwd,
        env=env,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr)
