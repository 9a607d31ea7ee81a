"""`migrate-hooks where`: branches, environments, databases, and how far they are apart."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@options.shared
@click.pass_context
def where(ctx: click.Context) -> "Report":
    """Show which branch deploys to which database, and how far the two are apart.

    BEHIND counts files of the branch that the database does not have, AHEAD what it has and the
    branch does not. All databases are asked at the same time, for 3 s.
    """
    from migrate_hooks.actions import where as action

    return action.run(options.settings(ctx))


COMMAND = where
