"""The program with commands that end in every way a command can end; a script for test_main.py."""

import os
import signal
import sys
from pathlib import Path

import click

from migrate_hooks import errors
from migrate_hooks.cli import options
from migrate_hooks.cli.main import main
from migrate_hooks.errors import Exit
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.report import Outcome, Report

SECRET = "postgresql://u:hunter2@db.example/app"


def found(name: str) -> Report:
    finding = Finding("x/y", Severity.CRITICAL, f"Look at {name} → now.", FilePlace("a.sql"))
    return Report("findings", Outcome.FINDINGS, Exit.FINDINGS, findings=(finding,))


@click.group()
def program() -> None:
    """Ends in every way."""


@program.command()
@options.shared
@click.pass_context
def clean(ctx: click.Context) -> Report:
    options.say(ctx)("looking at \x1b[31m everything …")
    return Report("clean", Outcome.CLEAN, Exit.CLEAN, notes=(f"seen from {Path.cwd()}",))


@program.command()
@options.shared
@click.option("--name", default="orders")
def findings(name: str) -> Report:
    return found(name)


@program.command()
@options.shared
@click.argument("failure")
def fail(failure: str) -> Report:
    raise getattr(errors, failure)("It went wrong.", "Try again.")


@program.command()
@options.shared
def bug() -> Report:
    raise ValueError(SECRET)


@program.command()
@options.shared
def interrupt() -> Report:
    os.kill(os.getpid(), signal.SIGINT)
    signal.pause()
    raise AssertionError("the signal did not arrive")


@program.command()
@options.shared
def flood() -> Report:
    return Report("flood", Outcome.CLEAN, Exit.CLEAN, body="a long line\n" * 100_000)


@program.group()
def hook() -> None:
    """Stands for the git hooks."""


@hook.command("pre-push")
@options.shared
def pre_push() -> Report:
    return found("orders")


if __name__ == "__main__":
    sys.argv[0] = "migrate-hooks"
    main(program)
