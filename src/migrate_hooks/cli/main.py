"""The way in and the only way out: words become a report, the report text and an exit code."""

import gc
import os
import re
import sys
from io import StringIO
from itertools import pairwise
from typing import TYPE_CHECKING, NoReturn, TextIO

import click

from migrate_hooks import __version__
from migrate_hooks.cli import streams
from migrate_hooks.cli.asked import Asked
from migrate_hooks.cli.lazy import Folder
from migrate_hooks.cli.options import FORMATS
from migrate_hooks.errors import Exit, Failure
from migrate_hooks.registry import load

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report

NAME = "migrate-hooks"
_OBJECTS_BETWEEN_LOOKS = 100_000

PROGRAM = click.version_option(__version__, message="%(prog)s %(version)s")(
    Folder(
        package="migrate_hooks.cli.commands",
        name=NAME,
        help="The gate for PostgreSQL migrations: commit, merge, push, deploy.",
    )
)


def main(program: click.Command = PROGRAM) -> NoReturn:
    """Run with the words of this process and end it with a code of the table in `errors`."""
    streams.open_missing()
    # Almost all that a short command makes lives to its end: looking through it for garbage every
    # 700 objects takes a tenth of its time.
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    try:
        code = run(sys.argv[1:], program)
    except BrokenPipeError:  # who reads has seen enough (`| head`)
        code = Exit.FINDINGS
    streams.forget_unwritten()
    gc.freeze()  # nor is all of it looked through when Python ends
    sys.exit(code)


def run(words: list[str], program: click.Command) -> int:
    """Run one command, print its report and return its exit code."""
    asked = Asked()
    try:
        result = program.main(words, NAME, standalone_mode=False, obj=asked)
        # A number is what click ends with after --help and --version.
        return result if isinstance(result, int) else _print(result, asked)
    except click.UsageError as problem:
        return _usage(problem, words)
    except BrokenPipeError:
        raise
    except (Exception, KeyboardInterrupt) as stopped:
        return _print(_failure(stopped, asked.action), asked, people=sys.stderr)


def _failure(stopped: BaseException, action: str) -> "Report":
    from migrate_hooks.cli import failures

    if isinstance(stopped, Failure):
        return failures.expected(stopped, action)
    if not isinstance(stopped, Exception) or isinstance(stopped, click.Abort):
        return failures.interrupted(action)
    if os.environ.get("MIGRATE_HOOKS_DEBUG") == "1":
        sys.excepthook(type(stopped), stopped, stopped.__traceback__)
    if isinstance(stopped, OSError):
        return failures.refused_by_system(stopped, action)
    return failures.unexpected(stopped, action)


def _usage(problem: click.UsageError, words: list[str]) -> int:
    """Explain how the command is typed; a program that asked for a report gets one as well."""
    from migrate_hooks.cli import failures, terminal

    shown = StringIO()
    problem.show(shown)
    terminal.say(_without_password(_spelled(shown.getvalue().rstrip("\n"))), keep="\n")
    asked = Asked()
    asked.format = _wished(words)
    if asked.format != "human":
        command = problem.ctx.command_path if problem.ctx else NAME
        message = _without_password(_spelled(problem.format_message()))
        _print(failures.usage(message, f"See how it is typed: {command} --help"), asked)
    return Exit.USAGE


def _spelled(words: str) -> str:
    """Return words with choices in one line, where click gives each a line and a tab."""
    return re.sub(r"\n\t", " ", words)


def _without_password(words: str) -> str:
    """Return words of the command line without what a connection string among them keeps secret."""
    return re.sub(r"(\w+://)[^\s'\"]*@", r"\1***@", words)


def _wished(words: list[str]) -> str:
    """Return the format that was asked for in words that could not be read as a whole."""
    typed = [word.partition("=")[2] for word in words if word.startswith("--format=")]
    typed += [word for option, word in pairwise(words) if option == "--format"]
    return next((word for word in typed if word in FORMATS), "human")


def _print(report: "Report", asked: Asked, people: TextIO | None = None) -> int:
    """Print the report: for programs always on standard output, for people on `people` if given."""
    from migrate_hooks.cli import terminal
    from migrate_hooks.render.base import Format

    form = load("migrate_hooks.render.formats", asked.format, "FORMAT", Format)
    # Git shows a hook's standard output on one of its own streams; standard error reaches people.
    hook = asked.action.partition(" ")[0] == "hook"
    stream = (people or (sys.stderr if hook else sys.stdout)) if form.for_people else sys.stdout
    written = True
    if not (asked.quiet and form.for_people and _nothing_to_say(report)):
        text = form.render(report, terminal.style(asked, stream))
        written = _write(stream, text)
    return _save(report, asked) or (Exit.CLEAN if written else Exit.FINDINGS)


def _write(stream: TextIO, text: str) -> bool:
    """Write a report; where that fails, say so on the other stream: what was done is done."""
    from migrate_hooks.cli import terminal

    try:
        terminal.write(stream, text)
    except BrokenPipeError:
        raise
    except OSError as wrong:
        terminal.say(f"{NAME}: the report could not be written: {wrong.strerror}.")
        return False
    return True


def _save(report: "Report", asked: Asked) -> int:
    """Write the files of --output; one that fails is told, and no run is clean without it."""
    if not asked.output:
        return int(report.exit_code)
    from migrate_hooks.cli import outputs

    try:
        outputs.write(report, asked)
    except Failure as failure:
        asked.output = ()
        _print(_failure(failure, asked.action), asked, people=sys.stderr)
        return int(report.exit_code) or Exit.FINDINGS
    return int(report.exit_code)


def _nothing_to_say(report: "Report") -> bool:
    shown = (report.findings, report.entries, report.differences, report.steps, report.listings)
    return report.exit_code == Exit.CLEAN and not report.body and not any(shown)
