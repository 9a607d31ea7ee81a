"""`migrate-hooks install`: the git hooks of this repository."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; say how the hooks are.")
@click.option(
    "--via",
    type=click.Choice(("native", "pre-commit", "lefthook", "husky", "git-config")),
    help="How git reaches us; without it, the way that fits what manages the hooks here.",
)
@options.shared
def install(check: bool, via: str | None) -> "Report":
    """Install git hooks beside those that are there already.

    \b
    Example:
      migrate-hooks install --via=lefthook
    """
    if check:
        from migrate_hooks.actions import install_check

        return install_check.run(options.here())
    from migrate_hooks.actions import install as action

    return action.run(options.here(), via)


COMMAND = install
