"""One hazard, one finding: what two linters say about a statement is told by who knows more."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from migrate_hooks.lint.base import Rule
from migrate_hooks.lint.facts import Subject
from migrate_hooks.model.finding import FilePlace, Finding

Spot = tuple[str, int]
"""(path, number of the statement of UP, 0 for what stands before the first)."""


def told_once(
    found: Iterable[Finding], subjects: Sequence[Subject], rules: Iterable[Rule]
) -> tuple[Finding, ...]:
    """Return `found` without what a rule replaces at a statement where it reports something."""
    findings = tuple(found)
    starts = {one.path: [(each.line, each.column) for each in one.up] for one in subjects}
    replaced = {rule.name: rule.replaces for rule in rules if rule.replaces}
    covered = {
        (spot, code)
        for one in findings
        for code in replaced.get(one.code, ())
        if (spot := _spot(one, starts)) is not None
    }
    return tuple(one for one in findings if (_spot(one, starts), one.code) not in covered)


def _spot(one: Finding, starts: dict[str, list[tuple[int, int]]]) -> Spot | None:
    place = one.place
    if not isinstance(place, FilePlace) or place.path not in starts:
        return None
    return place.path, bisect_right(starts[place.path], (place.line, place.column))
