"""A group of commands that loads the one that is asked for and leaves the others on disk."""

from typing import Any

import click

from migrate_hooks import registry
from migrate_hooks.errors import EXIT_MEANINGS


class Folder(click.Group):
    """The commands of one package: a module `exit_codes` offers COMMAND and is typed exit-codes."""

    def __init__(self, package: str, **settings: Any) -> None:
        super().__init__(**settings)
        self.package = package

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names to type, without loading a command."""
        return [name.replace("_", "-") for name in registry.member_names(self.package)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None when there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = cmd_name.replace("-", "_")
        return registry.load(self.package, module, "COMMAND", click.Command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown name is answered with those that look like it."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as unknown:
            # click looks for similar names among commands that are loaded, and ours are not.
            names = self.list_commands(ctx)
            raise click.NoSuchCommand(unknown.command_name, possibilities=names, ctx=ctx) from None

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """End `--help` with the table of exit codes."""
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(int(code)), text) for code, text in EXIT_MEANINGS.items()])
