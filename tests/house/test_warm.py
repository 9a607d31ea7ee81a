"""A program that is forked from a warm interpreter does what a fresh one does."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests import warm
from tests.e2e.trouble import ZEROS, prepare
from tests.program import Finished, Program
from tests.repo import Repo

CALLS = (
    ("--version", ""),
    ("nope", ""),
    ("lint --all", ""),
    ("status --env=dev --format=json", ""),
    ("hook pre-push origin url", f"HEAD {'1' * 40} refs/heads/dev {ZEROS}\n"),
)


def fresh(folder: Path) -> Program:
    """Return the program in an interpreter of its own."""
    program = Program(folder)
    program.start = (sys.executable, "-u", *Program.start[1:])
    return program


@pytest.mark.parametrize(("line", "stdin"), CALLS)
def test_it_ends_and_says_the_same(repo: Repo, line: str, stdin: str) -> None:
    warm_ = prepare(repo)
    words = line.split()
    assert warm_(*words, stdin=stdin) == fresh(repo.path)(*words, stdin=stdin)


def test_a_shell_finds_it_with_its_streams_and_its_code(repo: Repo, tmp_path: Path) -> None:
    prepare(repo)
    variables = warm.command(tmp_path)
    done = subprocess.run(
        ["sh", "-c", "migrate-hooks --version; migrate-hooks nope 2>&1; echo $?"],
        cwd=repo.path,
        env={**os.environ, **variables, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert (lines[0].split()[0], lines[-1], done.stderr) == ("migrate-hooks", "2", "")
    assert "No such command 'nope'" in done.stdout


def test_a_signal_ends_it_and_is_told(repo: Repo) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        prepare(repo, f"postgresql://somebody@127.0.0.1:{port}/nobody-answers")
        running = Program(repo.path).begin("status", "--env=dev")
        assert not running.is_over
        running.kill()
        assert running.end() == Finished(-signal.SIGKILL, "", "")
