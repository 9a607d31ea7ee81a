"""Words in, one report and one exit code out, whatever happens in between."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from migrate_hooks import __version__
from migrate_hooks.errors import EXIT_MEANINGS
from tests.program import Finished, Program

SCRIPT = Path(__file__).with_name("faults.py")


class Faults(Program):
    """The program, with the commands of faults.py in place of its own."""

    start = (sys.executable, "-P", str(SCRIPT))


@pytest.fixture
def faults(tmp_path: Path) -> Program:
    return Faults(tmp_path)


def report(done: Finished) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(done.stdout)
    return parsed


def test_version(cli: Program) -> None:
    assert cli("--version") == (0, f"migrate-hooks {__version__}\n", "")


def test_help_ends_with_the_exit_codes(cli: Program) -> None:
    code, out, err = cli("--help")
    assert (code, err) == (0, "")
    table = [line.split(maxsplit=1) for line in out.partition("Exit codes:\n")[2].splitlines()]
    assert table == [[str(int(code)), meaning] for code, meaning in EXIT_MEANINGS.items()]


def test_an_unknown_command_is_answered_with_what_looks_like_it(cli: Program) -> None:
    code, out, err = cli("confg")
    assert (code, out) == (2, "")
    assert "No such command 'confg'. Did you mean 'config'?" in err


def test_an_unknown_option_shows_how_the_command_is_typed(faults: Program) -> None:
    code, out, err = faults("findings", "--nmae", "x")
    assert (code, out) == (2, "")
    assert err.startswith("Usage: migrate-hooks findings [OPTIONS]\n")
    assert "Did you mean '--name'?" in err


def test_choices_that_one_has_to_make_stand_in_one_line(cli: Program) -> None:
    code, _, err = cli("init")
    assert code == 2
    assert "Missing option '--ci'. Choose from: github, gitlab" in err


@pytest.mark.parametrize("words", [("--format", "json"), ("--format=json",)])
def test_wrong_words_are_a_report_too_for_a_program(
    faults: Program, words: tuple[str, ...]
) -> None:
    done = faults("findings", *words, "--nope")
    assert done.code == 2
    assert report(done)["exit_code"] == 2
    assert report(done)["findings"][0]["code"] == "usage"


def test_a_report_for_people_is_on_standard_output(faults: Program) -> None:
    code, out, err = faults("findings")
    assert code == 1
    assert out == "a.sql:1:1  critical  x/y  Look at orders → now.\n\n1 critical\n"
    assert err == ""


def test_a_hook_speaks_on_standard_error_and_json_stays_where_it_is(faults: Program) -> None:
    code, out, err = faults("hook", "pre-push")
    assert (code, out) == (1, "")
    assert err.endswith("1 critical\n")
    assert report(faults("hook", "pre-push", "--format", "json"))["outcome"] == "findings"


@pytest.mark.parametrize(
    ("failure", "code", "outcome", "word"),
    [
        ("Refused", 1, "refused", "refused"),
        ("QueryFailed", 1, "failed", "failed"),
        ("CannotWrite", 1, "failed", "failed"),
        ("ConfigProblem", 2, "failed", "failed"),
        ("Unreachable", 3, "unchecked", "NOT CHECKED"),
        ("LedgerUnreadable", 3, "unchecked", "NOT CHECKED"),
        ("LockBusy", 6, "failed", "failed"),
    ],
)
def test_a_failure_is_a_report(
    faults: Program, failure: str, code: int, outcome: str, word: str
) -> None:
    assert faults("fail", failure) == (code, "", f"{word}: It went wrong.\n    → Try again.\n")
    done = faults("fail", failure, "--format", "json")
    assert (done.code, done.stderr) == (code, "")
    assert report(done)["action"] == "fail"
    assert report(done)["outcome"] == outcome
    assert report(done)["findings"][0]["hint"] == "Try again."


def test_a_bug_is_one_sentence_without_a_secret(faults: Program) -> None:
    code, out, err = faults("bug")
    assert (code, out) == (1, "")
    assert err.startswith(
        "failed: this is a bug in migrate-hooks: ValueError at migrate_hooks/cli/"
    )
    assert "hunter2" not in err
    assert "Traceback" not in err
    done = faults("bug", "--format", "json")
    assert report(done)["findings"][0]["code"] == "internal"
    assert "hunter2" not in done.stdout + done.stderr


def test_a_bug_shows_its_traceback_when_asked(faults: Program) -> None:
    err = faults("bug", env={"MIGRATE_HOOKS_DEBUG": "1"}).stderr
    assert "Traceback" in err
    assert "hunter2" in err


def test_ctrl_c_is_one_line(faults: Program) -> None:
    code, out, err = faults("interrupt")
    assert (code, out) == (130, "")
    assert err.strip() == "failed: stopped by ctrl-C before it was done."


def test_a_reader_that_leaves_is_no_news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Unbuffered, Python takes the half that the pipe still accepted for the whole.
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    words = [sys.executable, "-P", str(SCRIPT), "flood"]
    with subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == b"a long line\n"
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 1


def test_progress_goes_to_standard_error_and_is_safe(faults: Program) -> None:
    code, out, err = faults("clean")
    assert (code, err) == (0, "looking at \\x1b[31m everything …\n")
    assert out.endswith("\n\nclean\n")


def test_quiet_says_nothing_when_there_is_nothing_to_say(faults: Program) -> None:
    assert faults("clean", "--quiet") == (0, "", "")
    assert faults("findings", "-q").stdout.endswith("1 critical\n")
    assert report(faults("clean", "-q", "--format", "json"))["outcome"] == "clean"
