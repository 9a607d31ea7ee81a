"""`drift --source --target`: what the schema of one environment has that the other's has not.

Servers take longer to answer than all that judges their answers takes to load: that is imported
while they are asked, and only what asks is imported before.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrate_hooks.actions import drift_read
from migrate_hooks.config import targets
from migrate_hooks.errors import Failure, Refused
from migrate_hooks.model.report import Report
from migrate_hooks.model.settings import Settings

if TYPE_CHECKING:
    from migrate_hooks.actions.drift_read import Seen
    from migrate_hooks.actions.sources import Source
    from migrate_hooks.ledgers.base import Wanted


def run(
    settings: Settings, source: str, target: str, *, strict: bool = False, save: Path | None = None
) -> Report:
    """Compare two environments by name; `strict` lets explained differences count as well.

    Each may be a saved snapshot; `save` is a file to save what was read of the target in.
    Raises Refused for one environment twice or two names of one database, UnknownEnvironment,
    MissingDsn, BadDsn, BadSnapshot, and Unreachable when one of them cannot be asked.
    """
    if source == target:
        raise Refused(
            f"{source} was to be compared with itself, which cannot find anything.",
            _two(settings, source),
        )
    if save:
        from migrate_hooks.actions import drift_saved

        drift_saved.refuse_to_overwrite(save)

    @cache
    def files() -> "Source | Failure":
        from migrate_hooks.actions import drift

        return drift.files(settings)

    here, there = _both(settings, source, target, lambda: _ledger(files()))
    from migrate_hooks.actions import drift

    return drift.report(settings, files(), here, there, strict=strict, save=save)


def _ledger(files: "Source | Failure") -> "Wanted | None":
    return None if isinstance(files, Failure) else files.ledger


def _both(
    settings: Settings, source: str, target: str, wanted: "Callable[[], Wanted | None]"
) -> "tuple[Seen, Seen]":
    if {source, target} <= {each.name for each in settings.environments}:
        places = (targets.target(settings, source), targets.target(settings, target))
        return drift_read.both_asking(*places, wanted)
    from migrate_hooks.actions import drift_saved

    return drift_saved.both(settings, source, target, wanted())


def _two(settings: Settings, name: str) -> str:
    """Name the environment before `name` in the chain, which is what it usually differs from."""
    names = [each.name for each in settings.environments]
    before = names[: names.index(name)] if name in names else names
    other = next(iter([*reversed(before), *(each for each in names if each != name)]), None)
    if other is None:
        return "Add another environment to the configuration to compare it with."
    return f"Name two environments: migrate-hooks drift --source={other} --target={name}."
