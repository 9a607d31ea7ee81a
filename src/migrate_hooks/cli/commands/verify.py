"""`migrate-hooks verify`: the health check after a deploy, and for a monitor."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.option("--env", "environment", metavar="NAME", required=True, help="What to look at.")
@click.option(
    "--expect-current", is_flag=True, help="Make a migration that is still pending critical."
)
@options.shared
@click.pass_context
def verify(ctx: click.Context, environment: str, expect_current: bool) -> "Report":
    """Check the health of an environment: its ledger and files, and its schema and sessions.

    Nothing is changed. What this role may not see is "not checked", which is exit code 3.

    \b
    Examples:
      migrate-hooks verify --env=staging
      migrate-hooks verify --env=production --expect-current --format json
    """
    from migrate_hooks.actions import verify as action

    return action.run(options.settings(ctx), environment, expect_current=expect_current)


COMMAND = verify
