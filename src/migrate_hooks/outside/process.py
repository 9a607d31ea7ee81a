"""Running other programs: argument lists only, never a shell."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from migrate_hooks.errors import Failure, ToolMissing, Unreachable


@dataclass(frozen=True, slots=True)
class Finished:
    """What a program left behind: its exit code and both outputs, as bytes."""

    code: int
    stdout: bytes
    stderr: bytes


def run(
    argv: Sequence[str],
    *,
    cwd: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    user: tuple[int, int] | None = None,
) -> Finished:
    """Run `argv` to its end and return what it left; `timeout` in seconds; `user` is a uid
    and gid to run as.

    Raises ToolMissing when the program is not there and Unreachable when it did not finish in time.
    """
    try:
        done = subprocess.run(
            list(argv),
            cwd=cwd,
            input=stdin,
            env=env,
            timeout=timeout,
            capture_output=True,
            user=user[0] if user else None,
            group=user[1] if user else None,
            extra_groups=[] if user else None,
        )
    except FileNotFoundError as missing:
        if cwd is not None and not cwd.is_dir():
            raise ToolMissing(f"The folder {cwd} is not there.") from missing
        raise ToolMissing(
            f"The program {argv[0]} was not found.", f"Install {argv[0]} and put it on PATH."
        ) from missing
    except subprocess.TimeoutExpired as slow:
        raise Unreachable(f"{argv[0]} did not finish within {timeout} s.") from slow
    return Finished(done.returncode, done.stdout, done.stderr)


def find(name: str) -> str | None:
    """Return the path of a program: the one installed beside this Python first, then PATH."""
    beside = Path(sys.executable).with_name(name)
    if os.access(beside, os.X_OK):
        return str(beside)
    from shutil import which  # costs more than to look

    return which(name, path=str(beside.parent)) or which(name)


def beside(work: Callable[[], Finished]) -> Callable[[], Finished]:
    """Start `work` and return what waits for its result, or raises the failure it ended with."""
    results: list[Finished] = []
    failures: list[Failure] = []

    def in_thread() -> None:
        try:
            results.append(work())
        except Failure as failure:
            failures.append(failure)

    thread = Thread(target=in_thread, daemon=True)
    thread.start()

    def finish() -> Finished:
        thread.join()
        for failure in failures:
            raise failure
        return results[0]

    return finish


def begin(argv: Sequence[str], *, stdin: bytes = b"") -> Callable[[], Finished]:
    """Start `argv`, hand it `stdin` while we go on, and return what waits for its end.

    Its standard input stays open until then: where it ends early, we are gone and nobody wants the
    answer. What it says on standard error is lost. Raises ToolMissing when it is not there.
    """
    pipe = subprocess.PIPE
    try:
        running = subprocess.Popen(list(argv), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
    except FileNotFoundError as missing:
        raise ToolMissing(f"The program {argv[0]} was not found.") from missing
    feeder = Thread(target=_feed, args=(running, stdin), daemon=True)
    feeder.start()

    def finish() -> Finished:
        assert running.stdout is not None  # noqa: S101 - it was asked for
        with suppress(BrokenPipeError), running:
            out = running.stdout.read()
            feeder.join()
        return Finished(running.returncode, out, b"")

    return finish


def _feed(running: "subprocess.Popen[bytes]", data: bytes) -> None:
    """Write what fills more than a pipe holds; who ended before has read enough."""
    assert running.stdin is not None  # noqa: S101 - it was asked for
    with suppress(OSError):
        running.stdin.write(data)
        running.stdin.flush()


def hand_over(argv: Sequence[str], stdin: bytes = b"") -> int:
    """Run `argv` on this process's own output streams and return its exit code.

    A script without a first line that names its interpreter is run by sh, as git does it. Raises
    ToolMissing when the program, or the interpreter it names, is not there.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        return subprocess.run(list(argv), input=stdin, check=False).returncode
    except FileNotFoundError as missing:
        raise ToolMissing(
            f"{argv[0]} could not be started: it, or the interpreter in its first line, is not "
            "there.",
            f"Install what the first line of {argv[0]} names.",
        ) from missing
    except OSError as wrong:
        if wrong.errno != errno.ENOEXEC:
            raise ToolMissing(f"{argv[0]} could not be started: {wrong.strerror}.") from wrong
    return subprocess.run(["sh", *argv], input=stdin, check=False).returncode


def environment_without(names: Sequence[str]) -> dict[str, str]:
    """Return the process environment less `names`."""
    return {name: value for name, value in os.environ.items() if name not in names}


def show(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    line: Callable[[str], None],
) -> tuple[int, str]:
    """Run `argv`, hand every line of its output to `line` as it comes; return code and all of it.

    Both outputs are one stream, as in a terminal.
    """
    with subprocess.Popen(
        list(argv),
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as running:
        assert running.stdout is not None  # noqa: S101 - it was asked for
        lines = []
        for one in running.stdout:
            lines.append(one)
            line(one.rstrip("\n"))
    return running.returncode, "".join(lines)
