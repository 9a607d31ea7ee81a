"""`migrate-hooks demo`: the whole day in half a minute, with real commands."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@options.shared
@click.pass_context
def demo(ctx: click.Context) -> "Report":
    """Play a developer's day on three databases of its own."""
    from migrate_hooks.actions import demo as action

    return action.run(options.show(ctx))


COMMAND = demo
