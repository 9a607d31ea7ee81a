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
@options.shared
@click.pass_context
def new(ctx: click.Context, name: str, template: str | None, list_templates: bool) -> "Report":
    """Write the next migration, called after NAME.

    \b
    Examples:
      migrate-hooks new "add email to users"
      migrate-hooks new "create orders" --template create-table
    """
    from migrate_hooks.actions import new as action

    settings = options.settings(ctx)
    return action.listing(settings) if list_templates else action.run(settings, name, template)


COMMAND = new
