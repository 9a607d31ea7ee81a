"""`migrate-hooks new`: write the next migration file."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.argument("name", required=False, default="")
@click.option("--template", metavar="NAME", help="Start from this template (default: blank).")
@click.option("--list-templates", is_flag=True, help="Show the templates and write nothing.")
@click.option(
    "--from-drift",
    is_flag=True,
    help="Write what was made by hand on --env, as drift --write-migration does.",
)
@click.option("--env", metavar="NAME", help="With --from-drift: the environment.")
@click.option(
    "--down-from-up",
    is_flag=True,
    help="Write the DOWN of the migration NAME, from what its UP does on a scratch server.",
)
@options.shared
@click.pass_context
def new(
    ctx: click.Context,
    name: str,
    template: str | None,
    list_templates: bool,
    from_drift: bool,
    env: str | None,
    down_from_up: bool,
) -> "Report":
    """Write the next migration, called after NAME.

    \b
    Examples:
      migrate-hooks new "add email to users"
      migrate-hooks new "create orders" --template create-table
      migrate-hooks new "adopt note" --from-drift --env=staging
      migrate-hooks new add_email_to_users --down-from-up
    """
    from migrate_hooks.actions import new as action

    if from_drift != bool(env) or (from_drift and (template or list_templates)):
        raise click.UsageError("--from-drift and --env=NAME go together, without a template.")
    if down_from_up and (from_drift or template or list_templates):
        raise click.UsageError("--down-from-up stands alone, with the NAME of a migration.")
    settings = options.settings(ctx)
    if down_from_up:
        from migrate_hooks.actions import new_down

        return new_down.run(settings, name)
    if env:
        from migrate_hooks.actions import drift_migration

        return drift_migration.of_one(settings, env, drift_migration.Wish(name))
    return action.listing(settings) if list_templates else action.run(settings, name, template)


COMMAND = new
