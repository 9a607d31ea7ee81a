"""`migrate-hooks lint`: judge migrations before they are committed."""

import sys
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
@click.option(
    "--baseline",
    type=click.Choice(("write", "read")),
    help="Write down what is found today, or show only what was not written down.",
)
@click.option("--fix", is_flag=True, help="Mend what can be mended for certain.")
@click.option("--diff", is_flag=True, help="Show what --fix would do, and write nothing.")
@click.option("--stdin", "piped", is_flag=True, help="Judge standard input, as an editor has it.")
@click.option("--path", metavar="NAME", help="With --stdin: the file that it will be saved as.")
@options.shared
@click.pass_context
def lint(
    ctx: click.Context,
    files: tuple[str, ...],
    staged: bool,
    since: str | None,
    everything: bool,
    no_style: bool,
    baseline: str | None,
    fix: bool,
    diff: bool,
    piped: bool,
    path: str | None,
) -> "Report":
    """Judge migrations: names, order, sections, safety and style.

    Without FILES or an option: what is new against the branch that this one deploys to.

    \b
    Examples:
      migrate-hooks lint migrations/20260102030405_add_users.sql
      migrate-hooks lint --since origin/main
      migrate-hooks lint --all --no-style
      migrate-hooks lint --all --baseline write
      migrate-hooks lint --diff
      migrate-hooks lint --stdin --path migrations/20260102030405_add_users.sql
    """
    from migrate_hooks.actions import lint as action

    flags = {"lint.style": False} if no_style else {}
    if piped or path is not None:
        asked = (*files, *filter(None, (since, staged, everything, baseline, fix, diff)))
        if path is None or not piped or asked:
            raise click.UsageError("--stdin and --path NAME belong together, and alone.", ctx)
        return action.piped(options.settings(ctx, flags), path, sys.stdin.buffer.read())
    found = options.settings(ctx, flags)
    if fix or diff:
        from migrate_hooks.actions import fix as mending

        if baseline is not None:
            raise click.UsageError("--baseline goes with neither --fix nor --diff.", ctx)
        return mending.run(found, files, staged, since, everything, write=not diff)
    return action.run(found, files, staged, since, everything, baseline)


COMMAND = lint
