"""Options for environments that stand for many databases."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from migrate_hooks.actions.fleet import Shard
    from migrate_hooks.actions.fleet_rollout import Rollout
    from migrate_hooks.model.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def _shard(ctx: click.Context, option: click.Parameter, value: str | None) -> "Shard":
    from migrate_hooks.actions.fleet import Shard

    if value is None:
        return Shard()
    found = re.fullmatch(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})", value)
    if not found or int(found[1]) > int(found[2]):
        wish = f"{value!r} is not I/N, such as 2/4 for the second of four parts."
        raise click.BadParameter(wish, ctx, option)
    return Shard(int(found[1]), int(found[2]))


shard = click.option(
    "--shard",
    metavar="I/N",
    callback=_shard,
    help="Of many databases only part I of N, the same on every machine.",
)

_ROLLOUT = (
    shard,
    click.option(
        "--canary",
        type=click.IntRange(0, 1_000),
        default=1,
        metavar="K",
        help="Of many databases the first wave: all of it must go well (default: 1; 0 for none).",
    ),
    click.option(
        "--wave",
        type=click.IntRange(1, 10_000),
        default=50,
        metavar="K",
        help="Of many databases the size of each further wave (default: 50).",
    ),
    click.option(
        "--stop-after",
        type=click.IntRange(1, 10_000),
        default=1,
        metavar="K",
        help="Of many databases how many may fail before no other is begun (default: 1).",
    ),
    click.option(
        "--parallel",
        type=click.IntRange(1, 16),
        default=4,
        metavar="K",
        help="Of many databases how many are worked on at once (default: 4).",
    ),
)


def rollout(command: Command) -> Command:
    """Give a command the options that say how many databases are changed after each other."""
    for option in reversed(_ROLLOUT):
        command = option(command)
    return command


def given(said: Mapping[str, Any]) -> "Rollout":
    """Return what those options said."""
    from migrate_hooks.actions.fleet_rollout import Rollout

    words = ("shard", "canary", "wave", "stop_after", "parallel")
    return Rollout(**{word: said[word] for word in words})


def is_many(settings: "Settings", name: str) -> bool:
    """Say whether an environment of that name stands for many databases."""
    return any(one.name == name and one.is_many for one in settings.environments)
