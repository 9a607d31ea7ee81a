"""`migrate-hooks rule`: what a finding's code stands for."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.argument("code", required=False)
@click.option("--list", "everything", is_flag=True, help="Show all rules in a table.")
@options.shared
@click.pass_context
def rule(ctx: click.Context, code: str | None, everything: bool) -> "Report":
    """Explain the CODE of a finding: why it matters, what to write, how to waive it.

    \b
    Examples:
      migrate-hooks rule sections/down-missing
      migrate-hooks rule --list
    """
    from migrate_hooks.actions import rule as action

    if everything == (code is not None):
        raise click.UsageError("Give the CODE of one finding, or --list.", ctx)
    return action.listing() if code is None else action.run(code)


COMMAND = rule
