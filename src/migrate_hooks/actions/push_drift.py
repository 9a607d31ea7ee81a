"""What was changed by hand: in the environment of a push, or where its migrations come from."""

from collections.abc import Sequence
from dataclasses import replace

from migrate_hooks.actions import drift, drift_report, ignoring
from migrate_hooks.actions.push_case import Case, Checked, pending, unchecked, with_doubt
from migrate_hooks.actions.push_site import Site
from migrate_hooks.errors import Failure, Unreachable
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.schema import Change, Difference, Origin


def check(case: Case) -> Checked:
    """Find what was changed by hand: here, or where migrations come from and code was tried."""
    try:
        own = case.site.drift().result()
    except Failure as failure:
        return _by_names(case, failure)
    told = Checked(own.findings, _unexplained(own.differences))
    told = _read_in_part(case, told, "drift", own.unchecked)
    return _with_what_is_missing(case, case.earlier, told) if case.earlier else told


def _with_what_is_missing(case: Case, earlier: Site, told: Checked) -> Checked:
    """Add what was made by hand where migrations come from, and is not here."""
    name = f"drift against {earlier.environment.name}"
    try:
        by_hand = earlier.drift().result()
        missing = _made_there_only(case, earlier, by_hand.differences)
    except Failure as failure:
        return with_doubt(case, told, name, failure)
    told = replace(
        told,
        findings=(*told.findings, *drift_report.findings(missing)),
        differences=(*told.differences, *missing),
    )
    return _read_in_part(case, told, name, by_hand.unchecked)


def _read_in_part(case: Case, told: Checked, name: str, kinds: Sequence[str]) -> Checked:
    """Add that some kinds of objects could not be judged, if any."""
    if not kinds:
        return told
    failure = Unreachable(
        f"{', '.join(kinds)} could not be judged.", "Push again when that database is less busy."
    )
    return with_doubt(case, told, name, failure)


def _made_there_only(
    case: Case, earlier: Site, by_hand: Sequence[Difference]
) -> tuple[Difference, ...]:
    """Return what was made by hand in the environment before and is not in this one.

    What differs otherwise is known by the two environments' own drift.
    """
    extra = [each for each in by_hand if each.change is Change.UNEXPECTED and not each.explained]
    keys = {(each.kind, each.identity) for each in extra}
    here, there = earlier.look.seen.result(), case.site.look.seen.result()
    waiting = pending(case)
    found = drift.between(here, there, case.settings.exposed_schemas, waiting).differences
    cause = f"made by hand on {earlier.environment.name}"
    missing = [
        replace(each, cause=cause, origin=Origin.BY_HAND)
        for each in found
        if each.change is Change.MISSING
        and (each.kind, each.identity) in keys
        and not each.explained
    ]
    return ignoring.judge(case.settings.drift, missing).differences


def _by_names(case: Case, failure: Failure) -> Checked:
    """Compare with the environment before alone, where nothing could be replayed."""
    there = case.site.look.seen.result()
    if case.earlier is None:
        raise failure
    try:
        here = case.earlier.look.seen.result()
    except Failure:
        raise failure from None
    waiting = pending(case)
    found = drift.between(here, there, case.settings.exposed_schemas, waiting)
    name = "drift from its own migrations"
    doubt = replace(unchecked(case.environment, failure, [name]), severity=Severity.WARNING)
    judged = ignoring.judge(case.settings.drift, found.differences).differences
    told = Checked(
        (doubt, *drift_report.findings(judged)),
        _unexplained(judged),
        (f"compared with {case.earlier.environment.name} instead",),
        unchecked=(name,),
    )
    return _read_in_part(case, told, "drift", found.unchecked)


def _unexplained(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    return tuple(each for each in differences if not each.explained)
