"""`migrate-hooks config show`: what is in force here, and who said so."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.group()
def config() -> None:
    """Look at the configuration."""


@config.command()
@options.shared
@click.pass_context
def show(ctx: click.Context) -> "Report":
    """Print every effective value and where it came from."""
    from migrate_hooks.actions import config_show

    return config_show.run(options.settings(ctx))


COMMAND = config
