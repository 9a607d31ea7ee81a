"""`migrate-hooks drift`: how a schema differs from its migrations, or from another's."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrate_hooks.cli import fleets, options
from migrate_hooks.model.consent import HAZARDS

if TYPE_CHECKING:
    from migrate_hooks.actions.fleet import Shard
    from migrate_hooks.model.report import Report


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
def drift(
    ctx: click.Context,
    env: str | None,
    source: str | None,
    target: str | None,
    strict: bool,
    save: Path | None,
    name: str,
    adopt: bool,
    restore: bool,
    allow: tuple[str, ...],
    pg_bindir: str | None,
    shard: "Shard",
) -> "Report":
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
    _check(env, source, target)
    _check_migration(name, env, adopt, restore, allow, save)
    if pg_bindir:
        os.environ["MIGRATE_HOOKS_PG_BINDIR"] = pg_bindir
    settings = options.settings(ctx)
    many = env or target or ""
    if not name and not save and fleets.is_many(settings, many):
        from migrate_hooks.actions import fleet_drift

        if source:
            return fleet_drift.against_one(settings, source, many, shard, strict=strict)
        return fleet_drift.against_files(settings, many, shard, strict=strict)
    if name:
        from migrate_hooks.actions import drift_migration

        wish = drift_migration.Wish(name, adopt, frozenset(allow), strict)
        return drift_migration.run(settings, env, source or "", target or "", wish)
    if env:
        from migrate_hooks.actions import drift_one

        return drift_one.run(settings, env, strict=strict, save=save)
    from migrate_hooks.actions import drift_two

    return drift_two.run(settings, source or "", target or "", strict=strict, save=save)


def _check(env: str | None, source: str | None, target: str | None) -> None:
    if env and (source or target):
        raise click.UsageError("--env stands alone, without --source and --target.")
    if not env and not (source and target):
        raise click.UsageError("Say --env=NAME, or --source=NAME and --target=NAME.")


def _check_migration(
    name: str,
    env: str | None,
    adopt: bool,
    restore: bool,
    allow: tuple[str, ...],
    save: Path | None,
) -> None:
    if name and save:
        raise click.UsageError("--save goes without --write-migration: run one after the other.")
    if not name and (adopt or restore or allow):
        raise click.UsageError("--adopt, --restore and --allow go with --write-migration NAME.")
    if name and env and adopt == restore:
        raise click.UsageError(
            "Say --adopt, so that the files match the database, or --restore, so that the "
            "database matches the files."
        )
    if name and not env and (adopt or restore):
        raise click.UsageError(
            "--adopt and --restore go with --env; with --source and --target the migration makes "
            "the target like the source."
        )


COMMAND = drift
