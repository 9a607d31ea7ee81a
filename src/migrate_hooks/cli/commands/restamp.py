"""`migrate-hooks restamp`: later timestamps for migrations that nobody has yet."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.argument("migrations", nargs=-1)
@click.option("--dry-run", is_flag=True, help="Only say what would be moved.")
@click.option("--unasked", is_flag=True, help="Go on where an environment cannot be asked.")
@options.shared
@click.pass_context
def restamp(
    ctx: click.Context, migrations: tuple[str, ...], dry_run: bool, unasked: bool
) -> "Report":
    """Give migrations that came too late a new timestamp, behind all others.

    MIGRATIONS are files, versions or words of names. Without any, all are meant that no branch and
    no database of an environment has, and that are older than one that has been released. Their
    order among themselves stays. What is released is refused.

    \b
    Examples:
      migrate-hooks restamp --dry-run
      migrate-hooks restamp 20260105090000_add_note
    """
    from migrate_hooks.actions import restamp as action

    settings = options.settings(ctx)
    return action.run(settings, migrations, dry_run=dry_run, alone=unasked)


COMMAND = restamp
