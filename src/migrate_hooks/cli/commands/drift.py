"""`migrate-hooks drift`: how a schema differs from its migrations, or from another's."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrate_hooks.cli import fleets, options
from migrate_hooks.model.consent import HAZARDS

if TYPE_CHECKING:
    from migrate_hooks.actions.fleet import Shard
    from migrate_hooks.model.report import Report
    from migrate_hooks.model.settings import Settings


@dataclass(frozen=True, slots=True)
class _Said:
    """What was typed: `env`, or `source` and `target`; `name` of a migration to be written."""

    env: str | None
    source: str | None
    target: str | None
    strict: bool
    save: Path | None
    name: str
    adopt: bool
    restore: bool
    allow: tuple[str, ...]
    shard: "Shard"


@click.command()
@click.option("--env", metavar="NAME", help="Compare NAME with what its own migrations make.")
@click.option("--source", metavar="NAME", help="The environment that is as it should be.")
@click.option("--target", metavar="NAME", help="The environment to be judged.")
@click.option("--strict", is_flag=True, help="Let differences count whose cause is known.")
@click.option(
    "--save",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Save what was read of --env or --target; FILE can stand for NAME later.",
)
@click.option(
    "--write-migration",
    "name",
    metavar="NAME",
    default="",
    help="Write a migration that removes what was made by hand, proved on a scratch copy.",
)
@click.option("--adopt", is_flag=True, help="With it and --env: let the files match the database.")
@click.option(
    "--restore", is_flag=True, help="With it and --env: let the database match the files."
)
@click.option(
    "--allow",
    multiple=True,
    type=click.Choice(tuple(HAZARDS)),
    metavar="NAME",
    help="With it: write statements of this hazard, too, instead of leaving them as comments; "
    "may be repeated.",
)
@click.option(
    "--pg-bindir",
    metavar="DIR",
    help="Folder of the PostgreSQL programs to replay migrations with.",
)
@fleets.shard
@options.shared
@click.pass_context
def drift(ctx: click.Context, /, pg_bindir: str | None, **words: Any) -> "Report":
    """Find what was changed by hand.

    --env replays the migrations that are applied there on a scratch server and compares.
    --source and --target compare two environments, and say why they differ. Nothing is changed in
    any environment. Exit code 1 means critical differences that nothing explains. Each NAME may be
    a snapshot that --save wrote.

    \b
    Examples:
      migrate-hooks drift --env=staging
      migrate-hooks drift --source=dev --target=staging
      migrate-hooks drift --env=staging --save staging.json
      migrate-hooks drift --source=staging.json --target=staging
      migrate-hooks drift --env=staging --write-migration adopt_note --adopt
      migrate-hooks drift --source=dev --target=staging --write-migration catch_up
    """
    said = _Said(**words)
    _check(said)
    _check_migration(said)
    if pg_bindir:
        os.environ["MIGRATE_HOOKS_PG_BINDIR"] = pg_bindir
    settings = options.settings(ctx)
    if said.name:
        return _written(settings, said)
    if not said.save and fleets.is_many(settings, said.env or said.target or ""):
        return _of_many(settings, said)
    if said.env:
        from migrate_hooks.actions import drift_one

        return drift_one.run(settings, said.env, strict=said.strict, save=said.save)
    from migrate_hooks.actions import drift_two

    source, target = said.source or "", said.target or ""
    return drift_two.run(settings, source, target, strict=said.strict, save=said.save)


def _written(settings: "Settings", said: _Said) -> "Report":
    from migrate_hooks.actions import drift_migration

    wish = drift_migration.Wish(said.name, said.adopt, frozenset(said.allow), said.strict)
    return drift_migration.run(settings, said.env, said.source or "", said.target or "", wish)


def _of_many(settings: "Settings", said: _Said) -> "Report":
    from migrate_hooks.actions import fleet_drift

    many, strict = said.env or said.target or "", said.strict
    if said.source:
        return fleet_drift.against_one(settings, said.source, many, said.shard, strict=strict)
    return fleet_drift.against_files(settings, many, said.shard, strict=strict)


def _check(said: _Said) -> None:
    if said.env and (said.source or said.target):
        raise click.UsageError("--env stands alone, without --source and --target.")
    if not said.env and not (said.source and said.target):
        raise click.UsageError("Say --env=NAME, or --source=NAME and --target=NAME.")


def _check_migration(said: _Said) -> None:
    ways = said.adopt or said.restore
    if said.name and said.save:
        raise click.UsageError("--save goes without --write-migration: run one after the other.")
    if not said.name and (ways or said.allow):
        raise click.UsageError("--adopt, --restore and --allow go with --write-migration NAME.")
    if said.name and said.env and said.adopt == said.restore:
        raise click.UsageError(
            "Say --adopt, so that the files match the database, or --restore, so that the "
            "database matches the files."
        )
    if said.name and not said.env and ways:
        raise click.UsageError(
            "--adopt and --restore go with --env; with --source and --target the migration makes "
            "the target like the source."
        )


COMMAND = drift
