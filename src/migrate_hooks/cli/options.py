"""Options that every command has, and what a command may ask about them."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from migrate_hooks.cli.asked import Asked
from migrate_hooks.errors import UsageProblem
from migrate_hooks.registry import member_names

if TYPE_CHECKING:
    from migrate_hooks.model.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


FORMATS = member_names("migrate_hooks.render.formats")


def _remember(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    setattr(ctx.ensure_object(Asked), option.name or "", value)


def _enter(ctx: click.Context, _option: click.Parameter, folder: Path | None) -> None:
    _, _, ctx.ensure_object(Asked).action = ctx.command_path.partition(" ")
    if folder is not None:
        os.chdir(folder)


def _output(ctx: click.Context, option: click.Parameter, value: str) -> tuple[str, Path]:
    name, equals, file = value.partition("=")
    if name not in FORMATS or not equals or not file:
        wish = f"{value!r} is not FORMAT=FILE with one of {', '.join(FORMATS)}."
        raise click.BadParameter(wish, ctx, option)
    place = Path(file).absolute()
    if not place.parent.is_dir():
        raise click.BadParameter(f"the folder of {file!r} does not exist.", ctx, option)
    if place.is_dir():
        raise click.BadParameter(f"{file!r} is a folder.", ctx, option)
    return name, place


def _remember_outputs(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> None:
    """Read them at once: a report that cannot be written is told before anything is done."""
    _remember(ctx, option, tuple(_output(ctx, option, value) for value in values))


_SHARED = (
    # Read before all others, so that every path that is typed counts from there.
    click.option(
        "-C",
        "--directory",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        is_eager=True,
        expose_value=False,
        callback=_enter,
        help="Run as if started in DIR.",
    ),
    click.option(
        "--config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        expose_value=False,
        callback=_remember,
        help="Read this configuration file instead of searching for one.",
    ),
    click.option(
        "--format",
        type=click.Choice(FORMATS),
        default="human",
        show_default=True,
        expose_value=False,
        callback=_remember,
        help="How to print the report.",
    ),
    click.option(
        "--output",
        multiple=True,
        metavar="FORMAT=FILE",
        expose_value=False,
        callback=_remember_outputs,
        help="Write the report into a file, too; may be repeated.",
    ),
    click.option(
        "--color",
        type=click.Choice(("auto", "always", "never")),
        default="auto",
        show_default=True,
        expose_value=False,
        callback=_remember,
        help="Colour; auto obeys NO_COLOR, FORCE_COLOR and the terminal.",
    ),
    click.option(
        "-v",
        "--verbose",
        is_flag=True,
        expose_value=False,
        callback=_remember,
        help="Show INFO findings too.",
    ),
    click.option(
        "-q",
        "--quiet",
        is_flag=True,
        expose_value=False,
        callback=_remember,
        help="Print no progress, and nothing at all when there is nothing to say.",
    ),
)


def shared(command: Command) -> Command:
    """Give a command the options that every command has; none of them reaches its function."""
    for option in reversed(_SHARED):
        command = option(command)
    return command


def here() -> Path:
    """Return the current folder; raises UsageProblem when somebody removed it."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UsageProblem(
            "The current folder is not there any more.", "Change to another one, or name it by -C."
        ) from None


def settings(ctx: click.Context, flags: Mapping[str, object] | None = None) -> "Settings":
    """Decide the configuration; `flags` are {dotted key: value typed for this run}."""
    from migrate_hooks.config.load import load

    return load(here(), ctx.ensure_object(Asked).config, flags or {})


def say(ctx: click.Context) -> Callable[[str], None]:
    """Return what prints one line of progress to standard error; --quiet makes it silent."""
    from migrate_hooks.cli import terminal

    return _nothing if ctx.ensure_object(Asked).quiet else terminal.say


def show(ctx: click.Context) -> Callable[[str], None]:
    """Return what prints one line of a command's own output, as it comes.

    It goes where people read: standard output, or standard error beside a report for programs.
    """
    from migrate_hooks.cli import terminal

    stream = sys.stdout if ctx.ensure_object(Asked).format == "human" else sys.stderr
    return lambda line: terminal.write(stream, f"{line}\n")


def _nothing(_sentence: str) -> None:
    pass
