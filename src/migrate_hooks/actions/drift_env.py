"""`drift --env`: what an environment has that its own migrations did not make, and the reverse."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from migrate_hooks.actions import (
    drift_causes,
    drift_report,
    drift_saved,
    ignoring,
    offline,
    replay,
    replay_given,
    replay_ground,
)
from migrate_hooks.actions.drift_causes import History
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.drift_report import Comparison
from migrate_hooks.actions.replay import Piece, Setup
from migrate_hooks.actions.sources import Source
from migrate_hooks.model.finding import Finding
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import Difference
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import amount
from migrate_hooks.schema import advice, causes, compare, snapshot
from migrate_hooks.schema.causes import Terms


def report(
    settings: Settings, files: Source, seen: Seen, *, strict: bool = False, save: Path | None = None
) -> Report:
    """Report how an environment that was read differs from its migrations; `save` it if asked to.

    Raises what `judge` raises, CannotWrite, UsageProblem.
    """
    offline.keep(settings, seen)
    said = (*drift_saved.ages(seen), *([drift_saved.save(seen, save)] if save else ()))
    with drift_saved.also_saying(said if save else ()):
        found = judge(settings, files, seen, strict=strict)
    return drift_report.report(replace(found, notes=(*found.notes, *said)))


def judge(settings: Settings, files: Source, seen: Seen, *, strict: bool = False) -> Comparison:
    """Compare an environment that was read, or saved, with what its applied migrations make.

    Raises LedgerUnreadable; ReplayFailed, ToolMissing or LockBusy where there is nothing to compare
    with.
    """
    if seen.failure:
        raise seen.failure
    past = drift_causes.history(settings, files, seen)
    work = partial(_compared, settings, past, strict)
    return replay_ground.on_first_that_fits(settings, files, seen, work)


def _compared(settings: Settings, own: History, strict: bool, setup: Setup) -> Comparison:
    seen, pieces = own.seen, own.past.pieces
    shot = replay.shots(setup, pieces, {len(pieces)})[len(pieces)]
    provided = replay_ground.is_provided(setup)
    shot, given = replay_given.as_given(setup, pieces, seen, shot) if provided else (shot, ())
    name = seen.target.environment
    found = compare.compare(*snapshot.apart(shot.reading, seen.reading), settings.exposed_schemas)
    named = [replace(each, source=replay.ENVIRONMENT, target=name) for each in found]
    lacking = _lacking(setup, pieces, seen) if provided and found else frozenset()
    terms = Terms(setup.ground.major, frozenset(shot.standins), provided, lacking)
    judged = ignoring.judge(settings.drift, causes.of_one(named, name, seen.major, terms))
    head = f"{amount(len(pieces), 'migration')} applied on {name} replayed on {setup.ground.name}."
    return Comparison(
        replay.ENVIRONMENT,
        name,
        judged.differences,
        _findings(judged.differences, strict),
        (*drift_report.unread(shot.reading, seen.reading), *own.past.doubts),
        drift_report.counts(shot.reading, seen.reading),
        (
            head,
            *drift_report.left_out(shot.reading, seen.reading),
            *drift_causes.standins_note(shot.standins, setup),
            *given,
            *judged.notes,
        ),
    )


def _lacking(setup: Setup, pieces: Sequence[Piece], seen: Seen) -> frozenset[causes.Key]:
    """Return what only the prelude makes and an environment lacks that is not the provider's."""
    first = replay.shots(setup, pieces, {0})[0].reading
    made, there = (causes.by_key(snapshot.whole(one)) for one in (first, seen.reading))
    return causes.lacking(made, there)


def _findings(differences: Sequence[Difference], strict: bool) -> tuple[Finding, ...]:
    plain = drift_report.findings(differences, strict=strict)
    counted = [each for each in differences if strict or not each.explained]
    return tuple(
        replace(finding, message=advice.against_files(each))
        for finding, each in zip(plain, counted, strict=True)
    )
