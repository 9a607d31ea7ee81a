"""`migrate-hooks hook`: what the installed hooks call."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options
from migrate_hooks.cli.asked import Asked
from migrate_hooks.events import base
from migrate_hooks.registry import member_names

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report

NAMES = tuple(name.replace("_", "-") for name in member_names(base.PACKAGE))


# Everything after the name belongs to git, whatever it looks like.
@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option(
    "--shim",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The installed hook that calls; the hook it replaced is run first.",
)
@click.argument("name", type=click.Choice(NAMES))
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
@options.shared
@click.pass_context
def hook(ctx: click.Context, shim: Path | None, name: str, args: tuple[str, ...]) -> "Report | int":
    """Run one git hook, as the installed hooks do.

    ARGS are what git gives to the hook.
    """
    from migrate_hooks.actions import hook as action

    call = action.Call(name, args, _stdin(name), shim, os.environ)
    report = action.run(lambda: options.settings(ctx), call, options.say(ctx))
    # A hook that has nothing to say to people does not even say "clean", nor loads what prints it.
    asked = ctx.ensure_object(Asked)
    silent = action.is_silent(report) and asked.format == "human" and not asked.output
    return int(report.exit_code) if silent else report


def _stdin(name: str) -> bytes:
    if not base.by_name(name).has_stdin or sys.stdin is None or sys.stdin.isatty():
        return b""
    return sys.stdin.buffer.read()


COMMAND = hook
