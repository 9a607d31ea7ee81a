"""`migrate-hooks repair`: let the ledger say what is true again."""

from typing import TYPE_CHECKING, Any

import click

from migrate_hooks.cli import consent, options
from migrate_hooks.model.repair import ALLOWED, EVERY, Kind, Wish

if TYPE_CHECKING:
    from migrate_hooks.model.report import Report

_VERSIONS = {
    Kind.MARK_APPLIED: "It was brought in by hand: write its row, run nothing.",
    Kind.MARK_REVERTED: "It was undone by hand: take its row away, undo nothing.",
    Kind.REALIGN: f"Let its row say what its file says; {EVERY} for every one of the same SQL.",
    Kind.CLEAR_FAILED: "What it left was undone by hand: forget the attempt.",
    Kind.STATEMENT_DONE: "The statement that was under way took effect: go on behind it.",
    Kind.STATEMENT_UNDONE: "The statement that was under way had no effect: run it again.",
}


def _versions(command: Any) -> Any:
    """Give the command an option for each repair of a version."""
    for kind, text in reversed(_VERSIONS.items()):
        command = click.option(f"--{kind}", metavar="VERSION", multiple=True, help=text)(command)
    return command


@click.command()
@click.option("--env", "environment", metavar="NAME", required=True, help="What to repair.")
@_versions
@click.option(
    "--baseline",
    metavar="VERSION",
    help=f"Adopt a database: its ledger gets all files up to this one ({EVERY} for each of them).",
)
@click.option("--adopt-identity", is_flag=True, help="Record this database as that environment.")
@click.option("--because", metavar="TEXT", default="", help="The reason; it is written down.")
@click.option("--dry-run", is_flag=True, help="Show the plan and change nothing.")
@click.option("--force", is_flag=True, help="The first of two words for a protected environment.")
@click.option(
    "--yes",
    metavar="NAME",
    default="",
    help="The environment's name: yes to the plan, where nobody can be asked for it.",
)
@click.option(
    "--allow",
    multiple=True,
    type=click.Choice(tuple(ALLOWED)),
    metavar="NAME",
    help=f"Pass one guard by its name; may be repeated: {', '.join(ALLOWED)}.",
)
@options.shared
@click.pass_context
def repair(ctx: click.Context, /, environment: str, **said: Any) -> "Report":
    """Look what is wrong with ledger and marks, and mend what is told.

    Without a repair it says which ones fit, and changes nothing.

    \b
    Examples:
      migrate-hooks repair --env=staging
      migrate-hooks repair --env=staging --realign=all --because="comments only" --dry-run
      migrate-hooks repair --env=staging --clear-failed=20260105090000 --because="undone by hand"
      migrate-hooks repair --env=production --baseline=20260105090000 --because="adopted"
    """
    from migrate_hooks.actions import repair as action

    order = action.Order(
        environment,
        _wishes(said),
        said["because"],
        frozenset(said["allow"]),
        said["force"],
        said["yes"],
        said["dry_run"],
    )
    with consent.voice(ctx) as voice:
        return action.run(options.settings(ctx), order, voice)


def _wishes(said: dict[str, Any]) -> tuple[Wish, ...]:
    wishes = [Wish(kind, version) for kind in _VERSIONS for version in said[kind.replace("-", "_")]]
    if said["baseline"]:
        wishes.append(Wish(Kind.BASELINE, said["baseline"]))
    if said["adopt_identity"]:
        wishes.append(Wish(Kind.ADOPT_IDENTITY))
    return tuple(wishes)


COMMAND = repair
