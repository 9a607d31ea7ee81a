"""`migrate-hooks backup`: archives of a database, taken, verified, listed and thinned out."""

from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from migrate_hooks.cli import consent, options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.group(invoke_without_command=True)
@click.option("--env", "environment", metavar="NAME", help="What to back up.")
@options.shared
@click.pass_context
def backup(ctx: click.Context, environment: str | None) -> "Report | None":
    """Back up an environment, and look after its backups.

    The archive is read back whole before it counts. It goes into .migrate-hooks/backups/, which
    git ignores and only you may read.

    \b
    Examples:
      migrate-hooks backup --env=staging
      migrate-hooks backup verify --env=staging --restore
    """
    if ctx.invoked_subcommand is not None:
        _refuse_options_before(ctx)
        return None
    if environment is None:
        raise click.UsageError("Which environment? Add --env=NAME.", ctx)
    from migrate_hooks.actions import backup as action

    with consent.terminable():
        return action.run(options.settings(ctx), environment, options.say(ctx))


def _refuse_options_before(ctx: click.Context) -> None:
    """An option in front of the second word would be lost; `-C` has done its work by then."""
    typed = [
        one.opts[-1]
        for one in ctx.command.params
        if ctx.get_parameter_source(one.name or "") is ParameterSource.COMMANDLINE
        and one.name != "directory"
    ]
    if typed:
        raise click.UsageError(f"Write {', '.join(typed)} behind {ctx.invoked_subcommand}.", ctx)


@backup.command()
@click.argument("file", required=False)
@click.option("--env", "environment", metavar="NAME", help="The newest backup of this environment.")
@click.option("--all", "everything", is_flag=True, help="All of its backups, not the newest alone.")
@click.option("--restore", is_flag=True, help="Restore it on trial and compare what comes out.")
@options.shared
@click.pass_context
def verify(
    ctx: click.Context, file: str | None, environment: str | None, everything: bool, restore: bool
) -> "Report":
    """Check that a backup is whole, and with --restore that a database comes out of it.

    Size, SHA-256 and every byte of the archive are read. The trial happens on an embedded server;
    no environment is touched.

    \b
    Examples:
      migrate-hooks backup verify --env=production --restore
      migrate-hooks backup verify 20261101T090000Z-123456.dump
    """
    from migrate_hooks.actions import backup_verify as action

    order = action.Order(environment, file, everything, restore)
    with consent.terminable():
        return action.run(options.settings(ctx), order, options.say(ctx))


@backup.command("list")
@click.option("--env", "environment", metavar="NAME", help="Only this environment.")
@options.shared
@click.pass_context
def listing(ctx: click.Context, environment: str | None) -> "Report":
    """List the backups, the newest first."""
    from migrate_hooks.actions import backup_list as action

    return action.run(options.settings(ctx), environment)


@backup.command()
@click.option("--env", "environment", metavar="NAME", help="Only this environment.")
@click.option("--keep", type=int, required=True, metavar="N", help="How many good ones stay.")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@options.shared
@click.pass_context
def prune(ctx: click.Context, environment: str | None, keep: int, dry_run: bool) -> "Report":
    """Remove what is older than the N newest good backups of each environment.

    Damaged ones do not count among the N, so the last good one always stays.

    \b
    Example:
      migrate-hooks backup prune --env=staging --keep 5 --dry-run
    """
    from migrate_hooks.actions import backup_list as action

    return action.prune(options.settings(ctx), environment, keep, dry_run=dry_run)


COMMAND = backup
