"""`migrate-hooks rollback`: take back what is applied, each DOWN together with its ledger row."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import consent, options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.option("--env", "environment", metavar="NAME", required=True, help="Where to roll back.")
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="Take back the newest N.")
@click.option("--to", metavar="VERSION", help="Take back all that is newer; this one stays.")
@click.option(
    "--migration", metavar="NAME", help="Take back exactly this one (whole or part of a name)."
)
@consent.options
@options.shared
@click.pass_context
def rollback(
    ctx: click.Context,
    /,
    environment: str,
    steps: int | None,
    to: str | None,
    migration: str | None,
    dry_run: str | None,
    **said: object,
) -> "Report":
    """Run the DOWN of applied migrations, the newest first.

    \b
    Examples:
      migrate-hooks rollback --env=staging --steps=1 --dry-run
      migrate-hooks rollback --env=staging --steps=1
      migrate-hooks rollback --env=staging --to=20251101090000
      migrate-hooks rollback --env=production --steps=1 --backup --force --yes=production
    """
    from migrate_hooks.actions import rollback as action

    order = action.Order(environment, steps, to, migration, dry_run or "", consent.given(said))
    with consent.voice(ctx) as voice:
        return action.run(options.settings(ctx), order, voice)


COMMAND = rollback
