"""`migrate-hooks revert`: take back a migration by a new one."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.argument("name")
@click.option("--because", metavar="TEXT", default="", help="Why, for the header of the file.")
@options.shared
@click.pass_context
def revert(ctx: click.Context, name: str, because: str) -> "Report":
    """Write a new migration whose UP is the DOWN of NAME; no database is touched.

    \b
    Examples:
      migrate-hooks revert add_email
      migrate-hooks revert 20251101090000 --because "nobody fills it in"
    """
    from migrate_hooks.actions import revert as action

    return action.run(options.settings(ctx), name, because)


COMMAND = revert
