"""What a project says of its drift: differences that are meant, and how much others weigh."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fnmatch import fnmatchcase

from migrate_hooks.model.finding import Severity
from migrate_hooks.model.schema import Difference
from migrate_hooks.model.settings import DriftSettings, Ignore
from migrate_hooks.outside import clock
from migrate_hooks.schema.identity import dotted
from migrate_hooks.schema.severity import RANK


@dataclass(frozen=True, slots=True)
class Judged:
    """The differences that are left, the worst first, and sentences about the others."""

    differences: tuple[Difference, ...]
    notes: tuple[str, ...] = ()


def judge(settings: DriftSettings, differences: Sequence[Difference]) -> Judged:
    """Weigh differences as the configuration says, and leave out those it says are meant.

    An ignore whose day has come counts no more; that, and one that fits nothing, is said.
    """
    today = clock.utc_now().date()
    valid = [one for one in settings.ignore if not _is_over(one, today)]
    weighed = [_weighed(each, settings.severity) for each in differences]
    left = [each for each in weighed if not any(_fits(one, each) for one in valid)]
    ordered = sorted(left, key=lambda each: (RANK[each.severity], each.identity, each.kind))
    return Judged(tuple(ordered), tuple(_notes(settings, weighed, today)))


def _notes(
    settings: DriftSettings, differences: Sequence[Difference], today: date
) -> Iterator[str]:
    for one in settings.ignore:
        count = sum(_fits(one, each) for each in differences)
        name = f"{one.kind} {one.object}".strip()
        if _is_over(one, today):
            yield f"drift.ignore of {name} ended on {one.until} and counts no more: {one.reason}"
        elif count:
            yield f"{count} ignored, {name}: {one.reason}"
        elif not one.environment or one.environment in _environments(differences):
            yield f"drift.ignore of {name} fits nothing here; remove it if it is over: {one.reason}"


def _environments(differences: Sequence[Difference]) -> set[str]:
    return {name for each in differences for name in (each.source, each.target)}


def _is_over(one: Ignore, today: date) -> bool:
    return bool(one.until) and date.fromisoformat(one.until) < today


def _fits(one: Ignore, difference: Difference) -> bool:
    return (
        one.kind in ("", difference.kind)
        and fnmatchcase(dotted(difference.identity), one.object or "*")
        and one.environment in ("", difference.source, difference.target)
    )


def _weighed(difference: Difference, rules: Sequence[str]) -> Difference:
    for rule in reversed(rules):
        subject, _, severity = rule.rpartition("=")
        if _is_about(subject, difference):
            return replace(difference, severity=Severity(severity))
    return difference


def _is_about(subject: str, difference: Difference) -> bool:
    """Return whether a kind, with or without an object behind it, or "*", fits a difference."""
    if subject in ("*", difference.kind):
        return True
    names = [f"{kind} {dotted(difference.identity)}" for kind in (difference.kind, "*")]
    return any(fnmatchcase(name, subject) for name in names)
