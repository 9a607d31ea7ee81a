"""`migrate-hooks lint`: judge migrations before they are committed."""

from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--staged", is_flag=True, help="Judge what is staged, as the index has it.")
@click.option("--since", metavar="REV", help="Judge what changed since a commit.")
@click.option("--all", "everything", is_flag=True, help="Judge every migration.")
@click.option("--no-style", is_flag=True, help="Leave style (sqlfluff) out.")
@options.shared
@click.pass_context
def lint(
    ctx: click.Context,
    files: tuple[str, ...],
    staged: bool,
    since: str | None,
    everything: bool,
    no_style: bool,
) -> "Report":
    """Judge migrations: names, order, sections, safety and style.

    Without FILES or an option: what is new against the branch that this one deploys to.

    \b
    Examples:
      migrate-hooks lint migrations/20260102030405_add_users.sql
      migrate-hooks lint --since origin/main
      migrate-hooks lint --all --no-style
    """
    from migrate_hooks.actions import lint as action

    flags = {"lint.style": False} if no_style else {}
    return action.run(options.settings(ctx, flags), files, staged, since, everything)


COMMAND = lint
