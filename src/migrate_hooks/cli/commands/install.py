"""`migrate-hooks install`: the git hooks of this repository."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; say how the hooks are.")
@options.shared
def install(check: bool) -> "Report":
    """Install git hooks beside those that are there already."""
    from migrate_hooks.actions import install as action

    return action.check(options.here()) if check else action.run(options.here())


COMMAND = install
