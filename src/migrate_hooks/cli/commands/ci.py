"""`migrate-hooks ci`: the gate of a push, in a CI service."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import options
from migrate_hooks.cli.asked import Asked
from migrate_hooks.errors import UsageProblem

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report


@click.command()
@click.option("--branch", metavar="NAME", help="By hand: the branch that the commits are for.")
@click.option("--base", metavar="REVISION", help="By hand: where that branch stands.")
@click.option(
    "--head", metavar="REVISION", default="HEAD", help="By hand: what it would become (HEAD)."
)
@options.shared
@click.pass_context
def ci(ctx: click.Context, branch: str | None, base: str | None, head: str) -> "Report":
    """Judge what a pull request or a push brings, as the push hook does.

    In GitHub Actions and GitLab CI nothing has to be said. In the former findings become
    annotations and the job gets a summary; --output writes further files.

    \b
    Examples:
      migrate-hooks ci
      migrate-hooks ci --output sarif=migrations.sarif --output markdown=comment.md
      migrate-hooks ci --branch=staging --base=origin/staging
    """
    from migrate_hooks.actions import ci as action

    if bool(branch) != bool(base):
        raise UsageProblem(
            "--branch and --base go together.",
            "Say both, or neither in a CI service: migrate-hooks ci --branch=staging --base=HEAD~1",
        )
    settings = options.settings(ctx)
    if branch and base:
        event = action.by_hand(settings, branch, base, head)
    else:
        event = action.event(os.environ)
    report = action.run(settings, event, options.say(ctx))
    _tell(ctx.ensure_object(Asked), event.service, event.summary, report)
    return report


def _tell(asked: Asked, service: str, summary: str, report: "Report") -> None:
    """Let the service have what it shows; people read the log, which is standard error then."""
    if summary:
        asked.output = (*asked.output, ("markdown", Path(summary)))
    if service == "github" and asked.format == "human":
        from migrate_hooks.cli import terminal
        from migrate_hooks.registry import load
        from migrate_hooks.render.base import Format, Style

        human = load("migrate_hooks.render.formats", "human", "FORMAT", Format)
        terminal.say(human.render(report, Style(verbose=asked.verbose)), keep="\n")
        asked.format = "github"


COMMAND = ci
