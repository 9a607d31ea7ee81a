"""What each terminal can show, and that no terminal makes the program crash."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("faults.py")
RED = "\x1b[1;31m"


def run(*words: str, **env: str) -> str:
    """Return what the program prints into a pipe."""
    done = subprocess.run(
        [sys.executable, "-P", str(SCRIPT), *words],
        env={**os.environ, **env},
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    return (done.stdout + done.stderr).decode(env.get("PYTHONIOENCODING", "utf-8"))


def run_in_terminal(*words: str, **env: str) -> str:
    """Return what the program prints into a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-P", str(SCRIPT), *words],
        env={**os.environ, "TERM": "xterm", **env},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        printed = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return printed.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:
        # Linux says EIO where others say end of file.
        return b""


@pytest.mark.parametrize(
    ("words", "env", "coloured"),
    [
        ((), {}, False),
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_in_a_pipe(words: tuple[str, ...], env: dict[str, str], coloured: bool) -> None:
    assert (RED in run("findings", *words, **env)) is coloured


@pytest.mark.parametrize(
    ("words", "env", "coloured"),
    [
        ((), {}, True),
        ((), {"NO_COLOR": "1"}, False),
        ((), {"TERM": "dumb"}, False),
        (("--color", "never"), {}, False),
    ],
)
def test_colour_on_a_terminal(words: tuple[str, ...], env: dict[str, str], coloured: bool) -> None:
    assert (RED in run_in_terminal("findings", *words, **env)) is coloured


@pytest.mark.parametrize(
    ("env", "sign"),
    [
        ({}, "→"),
        ({"PYTHONIOENCODING": "cp1252"}, "->"),
        ({"PYTHONIOENCODING": "ascii"}, "->"),
        ({"LC_ALL": "C"}, "->"),
        ({"LANG": "C"}, "->"),
        ({"LANG": "POSIX"}, "->"),
    ],
)
def test_signs_are_ascii_where_the_terminal_has_no_more(env: dict[str, str], sign: str) -> None:
    assert f"Look at orders {sign} now." in run("findings", **env)


def test_a_name_that_cannot_be_written_is_escaped() -> None:
    assert r"Look at \u65e5\u672c -> now." in run(
        "findings", "--name", "日本", PYTHONIOENCODING="ascii"
    )
    assert "Look at é -> now." in run("findings", "--name", "é", PYTHONIOENCODING="cp1252")


def test_progress_survives_an_ascii_terminal() -> None:
    assert "everything ..." in run("clean", PYTHONIOENCODING="ascii")
