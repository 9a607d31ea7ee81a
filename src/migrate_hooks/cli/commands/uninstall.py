"""`migrate-hooks uninstall`: the hooks as they were before."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@options.shared
def uninstall() -> "Report":
    """Remove our git hooks and put back what they replaced."""
    from migrate_hooks.actions import uninstall as action

    return action.run(options.here())


COMMAND = uninstall
