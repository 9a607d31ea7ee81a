"""`migrate-hooks status`: applied, pending and unknown migrations of an environment."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import fleets, options

if TYPE_CHECKING:
    from migrate_hooks.actions.fleet import Shard
    from migrate_hooks.model.report import Report


@click.command()
@click.option("--env", "environment", metavar="NAME", help="The environment to look at.")
@click.option("--all", "everything", is_flag=True, help="Look at every configured environment.")
@fleets.shard
@options.shared
@click.pass_context
def status(
    ctx: click.Context, environment: str | None, everything: bool, shard: "Shard"
) -> "Report":
    """Show which migrations are applied, pending or unknown.

    \b
    Examples:
      migrate-hooks status --env=staging
      migrate-hooks status --all
      migrate-hooks status --env=tenants --shard=1/4
    """
    from migrate_hooks.actions import status as action

    return action.run(options.settings(ctx), environment, everything, shard)


COMMAND = status
