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
    """Check that environments can be worked with.

    That is: connection string, reachability, server, TLS, ledger, and .env files that git or other
    users could read. Without ENVIRONMENT: all of them.

    \b
    Example:
      migrate-hooks env check staging
    """
    from migrate_hooks.actions import env_check

    return env_check.run(options.settings(ctx), names)


COMMAND = env
