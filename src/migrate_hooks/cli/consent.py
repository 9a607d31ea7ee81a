"""Options of commands that change a database, and how they speak with people."""

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from migrate_hooks.cli import options as shared_options
from migrate_hooks.cli import terminal
from migrate_hooks.cli.asked import Asked
from migrate_hooks.cli.status_line import StatusLine
from migrate_hooks.model.consent import GUARDS, HAZARDS, Consent

if TYPE_CHECKING:
    from migrate_hooks.actions.voice import Voice

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--dry-run",
        type=click.Choice(("plan", "server")),
        is_flag=False,
        flag_value="plan",
        metavar="[=server]",
        help="Print plan and SQL, touch nothing; =server runs it there and rolls all of it back.",
    ),
    click.option(
        "--force",
        is_flag=True,
        help="The first of two words for a protected environment; run again what was run before.",
    ),
    click.option(
        "--yes",
        metavar="NAME",
        default="",
        help="The second word: the environment's name, where nobody can be asked for it.",
    ),
    click.option("--backup", is_flag=True, help="Take a backup before anything is run."),
    click.option(
        "--allow",
        multiple=True,
        type=click.Choice((*HAZARDS, *GUARDS)),
        metavar="NAME",
        help=f"Pass one guard by its name; may be repeated: {', '.join((*HAZARDS, *GUARDS))}.",
    ),
)


def options(command: Command) -> Command:
    """Give a command the options that say what is meant."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def given(said: Mapping[str, Any]) -> Consent:
    """Return what those options said."""
    return Consent(said["force"], said["yes"], frozenset(said["allow"]), said["backup"])


@contextmanager
def voice(ctx: click.Context) -> Iterator["Voice"]:
    """Yield how the command speaks; while it works, SIGTERM ends it as ctrl-C does."""
    from migrate_hooks.actions.voice import Voice

    say = shared_options.say(ctx)
    quiet = ctx.ensure_object(Asked).quiet
    live = not quiet and terminal.is_live(sys.stderr)
    with terminable(), StatusLine(sys.stderr, enabled=live) as line:
        yield Voice(line.around(say), line.show, line.around(_ask))


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM end what is under way as ctrl-C does: what it began is cleaned up."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _ask(question: str) -> str | None:
    """Ask at the terminal; None where nobody sits at one."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    terminal.write(sys.stderr, question)
    return sys.stdin.readline().strip()
