"""`migrate-hooks doctor`: one look at everything."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@options.shared
@click.pass_context
def doctor(ctx: click.Context) -> "Report":
    """Look at everything that has to be right, and change nothing.

    Git and its hooks, configuration, migrations, engines, PostgreSQL's programs, every environment
    (asked at the same time, 3 s), caches and leftovers.
    """
    from migrate_hooks.actions import doctor as action

    return action.run(options.here(), lambda: options.settings(ctx))


COMMAND = doctor
