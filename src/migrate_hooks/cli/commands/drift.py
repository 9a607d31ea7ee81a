"""`migrate-hooks drift`: how the schemas of two environments differ."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.option(
    "--source", required=True, metavar="NAME", help="The environment that is as it should be."
)
@click.option("--target", required=True, metavar="NAME", help="The environment to be judged.")
@options.shared
@click.pass_context
def drift(ctx: click.Context, source: str, target: str) -> "Report":
    """Compare the schemas of two environments.

    Nothing is changed in either. Exit code 1 means critical differences.

    \b
    Example:
      migrate-hooks drift --source=dev --target=staging
    """
    from migrate_hooks.actions import drift as action

    return action.run(options.settings(ctx), source, target)


COMMAND = drift
