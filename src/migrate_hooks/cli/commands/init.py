"""`migrate-hooks init`: files for a CI service."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.option(
    "--ci",
    "service",
    type=click.Choice(("github", "gitlab")),
    required=True,
    help="Write the workflow of this service.",
)
@click.option("--dry-run", is_flag=True, help="Print what would be written.")
@options.shared
@click.pass_context
def init(ctx: click.Context, service: str, dry_run: bool) -> "Report":
    """Write a CI workflow: checks, deploys behind an approval, a nightly watch for drift.

    Branches, environments and the names of secrets come from the configuration. A file that is
    there and is not the same is left alone.

    \b
    Examples:
      migrate-hooks init --ci=github --dry-run
      migrate-hooks init --ci=gitlab
    """
    from migrate_hooks.actions import init_ci

    return init_ci.run(options.settings(ctx), service, dry_run=dry_run)


COMMAND = init
