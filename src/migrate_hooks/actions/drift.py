"""`drift`: what the schema of one environment has that the other's has not."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from migrate_hooks.actions import (
    drift_causes,
    drift_read,
    drift_report,
    drift_saved,
    ignoring,
    offline,
    sources,
)
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.drift_report import Comparison
from migrate_hooks.actions.sources import Source
from migrate_hooks.errors import Failure, Refused
from migrate_hooks.model.environment import Target
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import Difference
from migrate_hooks.model.settings import Settings
from migrate_hooks.schema import attribute, compare, snapshot
from migrate_hooks.sql import parse


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
        drift_saved.refuse_to_overwrite(save)
    files = _files(settings)
    wanted, failure = (files.ledger, None) if isinstance(files, Source) else (None, files)
    here, there = drift_saved.both(settings, source, target, wanted)
    for seen in (here, there):
        offline.keep(settings, seen)
    said = [*drift_saved.ages(here, there)]
    said += [drift_saved.save(there, save, failure)] if save else []
    found = judge(settings, files, here, there, strict=strict)
    return drift_report.report(replace(found, notes=(*found.notes, *said)))


def judge(
    settings: Settings, files: Source | Failure, here: Seen, there: Seen, *, strict: bool = False
) -> Comparison:
    """Compare two environments that were read, or saved; `files` explain what differs."""
    found = _differences(here, there, settings.exposed_schemas)
    explained, notes = drift_causes.explain(settings, files, here, there, found)
    judged = ignoring.judge(settings.drift, explained)
    return replace(
        _comparison(here, there, judged.differences, strict=strict),
        notes=(*notes, *judged.notes),
    )


def _files(settings: Settings) -> Source | Failure:
    try:
        return sources.from_worktree(settings)
    except Failure as failure:
        return failure


def between(
    source: Target,
    target: Target,
    exposed: Collection[str],
    pending: Sequence[Migration] = (),
    connect_timeout: int = 10,
    query_timeout: int = 30,
) -> Comparison:
    """Read both databases at the same time and compare them, as a push has time for.

    `pending` are the migrations that wait on the target; what they touch is explained by them.
    Both timeouts in seconds. Raises Unreachable, UnsupportedServer, and Refused when both names
    lead to the same database.
    """
    here, there = drift_read.both(
        source, target, connect_timeout=connect_timeout, query_timeout=query_timeout
    )
    names, notes = _names(pending)
    differences = attribute.explain(_differences(here, there, exposed), names)
    return replace(_comparison(here, there, differences), notes=notes)


def _differences(here: Seen, there: Seen, exposed: Collection[str]) -> tuple[Difference, ...]:
    found = compare.compare(*snapshot.apart(here.reading, there.reading), exposed)
    source, target = here.target.environment, there.target.environment
    return tuple(replace(each, source=source, target=target) for each in found)


def _comparison(
    here: Seen, there: Seen, differences: Sequence[Difference], *, strict: bool = False
) -> Comparison:
    return Comparison(
        here.target.environment,
        there.target.environment,
        tuple(differences),
        drift_report.findings(differences, strict=strict),
        drift_report.unread(here.reading, there.reading),
        drift_report.counts(here.reading, there.reading),
        drift_report.left_out(here.reading, there.reading),
    )


def _names(
    pending: Sequence[Migration],
) -> tuple[tuple[tuple[str, parse.Names], ...], tuple[str, ...]]:
    """Return (label, objects named) of each migration, and a sentence for each that is no SQL."""
    read = [(f"{each.version.text}_{each.name}", parse.names(each.up.text)) for each in pending]
    notes = [
        f"Pending {label} could not be parsed, so it explains no difference."
        for label, names in read
        if names is None
    ]
    return tuple((label, names) for label, names in read if names is not None), tuple(notes)


def _two(settings: Settings, name: str) -> str:
    """Name the environment before `name` in the chain, which is what it usually differs from."""
    names = [each.name for each in settings.environments]
    before = names[: names.index(name)] if name in names else names
    other = next(iter([*reversed(before), *(each for each in names if each != name)]), None)
    if other is None:
        return "Add another environment to the configuration to compare it with."
    return f"Name two environments: migrate-hooks drift --source={other} --target={name}."
