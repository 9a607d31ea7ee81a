"""`migrate-hooks env check`: is every environment ready to be worked with?"""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.group()
def env() -> None:
    """Look at the environments."""


@env.command()
@click.argument("names", nargs=-1, metavar="[ENVIRONMENT]...")
@options.shared
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...]) -> "Report":
    """Check connection strings, reachability, server, ledger, TLS and .env files."""
    from migrate_hooks.actions import env_check

    return env_check.run(options.settings(ctx), names)


COMMAND = env
