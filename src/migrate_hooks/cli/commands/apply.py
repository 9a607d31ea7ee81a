"""`migrate-hooks apply`: run pending migrations, each together with its ledger row."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.option("--env", "environment", metavar="NAME", required=True, help="Where to apply.")
@click.option(
    "--migration", metavar="NAME", help="Apply exactly this one (whole or part of a name)."
)
@click.option("--dry-run", is_flag=True, help="Print the SQL and touch nothing.")
@click.option(
    "--force",
    is_flag=True,
    help="Say it a second time: a protected environment, an older file, a repeated run.",
)
@options.shared
@click.pass_context
def apply(
    ctx: click.Context, environment: str, migration: str | None, dry_run: bool, force: bool
) -> "Report":
    """Apply pending migrations to an environment.

    \b
    Examples:
      migrate-hooks apply --env=staging --dry-run
      migrate-hooks apply --env=staging
      migrate-hooks apply --env=staging --migration=add_users
    """
    from migrate_hooks.actions import apply as action

    order = action.Order(environment, migration, dry_run, force)
    return action.run(options.settings(ctx), order, options.say(ctx))


COMMAND = apply
