"""`migrate-hooks restore`: bring an environment back to the moment of a backup."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import consent, options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report

ALLOWED = ("replace", "disconnect", "other-environment", "branch")


@click.command()
@click.argument("file", required=False)
@click.option("--env", "environment", metavar="NAME", required=True, help="Where to restore.")
@click.option("--latest", is_flag=True, help="Take the newest good backup of this environment.")
@click.option("--dry-run", is_flag=True, help="Show what would happen and touch nothing.")
@click.option("--force", is_flag=True, help="Say it a second time, for a protected environment.")
@click.option("--yes", metavar="NAME", help="The same environment again, for a protected one.")
@click.option(
    "--allow",
    type=click.Choice(ALLOWED),
    multiple=True,
    help="Allow one hazard by its name; may be repeated.",
)
@options.shared
@click.pass_context
def restore(
    ctx: click.Context,
    file: str | None,
    environment: str,
    latest: bool,
    dry_run: bool,
    force: bool,
    yes: str | None,
    allow: tuple[str, ...],
) -> "Report":
    """Restore a backup into an environment.

    The backup goes into a new database beside the present one, is compared with its manifest, and
    then the two change names. The present database stays, under another name.

    \b
    Examples:
      migrate-hooks restore --env=staging --latest --dry-run
      migrate-hooks restore --env=staging --latest --allow replace
      migrate-hooks restore --env=production --latest --allow replace --force --yes=production
    """
    from migrate_hooks.actions import restore as action
    from migrate_hooks.actions.restore_plan import Order

    order = Order(environment, file, latest, force, yes, allow, dry_run)
    with consent.terminable():
        return action.run(options.settings(ctx), order, options.say(ctx))


COMMAND = restore
