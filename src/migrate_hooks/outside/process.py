"""Running other programs: argument lists only, never a shell."""

import errno
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.errors import ToolMissing, Unreachable


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


def begin(argv: Sequence[str], *, stdin: bytes = b"") -> Callable[[], Finished]:
    """Start `argv` and return what waits for its end; whatever it says meanwhile blocks nobody.

    Raises ToolMissing when the program is not there.
    """
    opened = ExitStack()
    fed, out, err = map(opened.enter_context, map(tempfile.TemporaryFile, ("w+b",) * 3))
    fed.write(stdin)
    fed.seek(0)
    try:
        running = subprocess.Popen(list(argv), stdin=fed, stdout=out, stderr=err)
    except FileNotFoundError as missing:
        raise ToolMissing(f"The program {argv[0]} was not found.") from missing

    def finish() -> Finished:
        code = running.wait()
        with opened:
            out.seek(0)
            err.seek(0)
            return Finished(code, out.read(), err.read())

    return finish


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
