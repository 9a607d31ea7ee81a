"""`migrate-hooks conflicts`: whether two branches' migrations get along in either order."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.option(
    "--base", metavar="REVISION", required=True, help="The branch that is to be merged with."
)
@click.option(
    "--head", metavar="REVISION", help="The branch that is judged; the working tree if not said."
)
@options.shared
@click.pass_context
def conflicts(ctx: click.Context, base: str, head: str | None) -> "Report":
    """Find migrations of two branches that git merges and a database does not.

    What is new on each side is run in both orders on a scratch server. Different schemas, or an
    error in one order, end with code 1 and name the two migrations.

    \b
    Examples:
      migrate-hooks conflicts --base=origin/staging
      migrate-hooks conflicts --base=main --head=feature
    """
    from migrate_hooks.actions import conflicts as action

    return action.run(options.settings(ctx), base, head)


COMMAND = conflicts
