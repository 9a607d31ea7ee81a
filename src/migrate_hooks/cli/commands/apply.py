"""`migrate-hooks apply`: run pending migrations, each together with its ledger row."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import consent, fleets, options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.option("--env", "environment", metavar="NAME", required=True, help="Where to apply.")
@click.option(
    "--migration", metavar="NAME", help="Apply exactly this one (whole or part of a name)."
)
@click.option("--to", metavar="VERSION", help="Apply everything up to this one.")
@fleets.rollout
@consent.options
@options.shared
@click.pass_context
def apply(
    ctx: click.Context,
    /,
    environment: str,
    migration: str | None,
    to: str | None,
    dry_run: str | None,
    **said: object,
) -> "Report":
    """Apply pending migrations to an environment.

    \b
    Examples:
      migrate-hooks apply --env=staging --dry-run
      migrate-hooks apply --env=staging
      migrate-hooks apply --env=staging --migration=add_users
      migrate-hooks apply --env=production --backup --force --yes=production
      migrate-hooks apply --env=tenants --canary=2 --wave=100
    """
    from migrate_hooks.actions import apply as action

    order = action.Order(environment, migration, to, dry_run or "", consent.given(said))
    with consent.voice(ctx) as voice:
        return action.run(options.settings(ctx), order, voice, fleets.given(said))


COMMAND = apply
