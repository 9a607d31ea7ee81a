"""Two environments that were read: how they differ, why, and what is to be said about it."""

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
from migrate_hooks.errors import Failure
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import Difference
from migrate_hooks.model.settings import Settings
from migrate_hooks.schema import attribute, compare, snapshot
from migrate_hooks.sql import parse


def report(
    settings: Settings,
    files: Source | Failure,
    here: Seen,
    there: Seen,
    *,
    strict: bool = False,
    save: Path | None = None,
) -> Report:
    """Report how two environments differ that were read; `save` the second one if asked to.

    Raises CannotWrite, UsageProblem.
    """
    for seen in (here, there):
        offline.keep(settings, seen)
    said = [*drift_saved.ages(here, there)]
    failure = files if isinstance(files, Failure) else None
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


def files(settings: Settings) -> Source | Failure:
    """Return the migrations of the working tree, or why there are none to explain anything."""
    try:
        return sources.from_worktree(settings)
    except Failure as failure:
        return failure


def between(
    here: Seen, there: Seen, exposed: Collection[str], pending: Sequence[Migration] = ()
) -> Comparison:
    """Compare two environments that were read, by their names alone, as a push has time for.

    `pending` are the migrations that wait on `there`; what they touch is explained by them. Raises
    Refused when both are the same database.
    """
    drift_read.refuse_same(here, there)
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
