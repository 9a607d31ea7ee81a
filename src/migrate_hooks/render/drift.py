"""Differences for people: the worst first, both values under each other."""

from collections.abc import Iterator, Mapping

from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import AttributeChange, Change, Difference
from migrate_hooks.render.base import Style
from migrate_hooks.render.findings import ROLES, hint, of_differences
from migrate_hooks.render.ink import Line, Role, Span, line
from migrate_hooks.render.text import lines
from migrate_hooks.schema.identity import dotted

CHANGES = {
    Change.MISSING: ("-", "missing on {0.target}"),
    Change.UNEXPECTED: ("+", "only on {0.target}"),
    Change.CHANGED: ("~", "differs"),
}

INDENT = " " * 6

Told = Mapping[tuple[str, str], Finding]


def differences(report: Report, style: Style) -> Iterator[tuple[Line, ...]]:
    """Yield one block for each severity that is to be shown, and one for what is explained."""
    told = of_differences(report)
    for severity in Severity:
        group = [one for one in report.differences if one.severity == severity and not one.cause]
        if group and (style.verbose or severity != Severity.INFO):
            title = line(Span(severity.upper(), ROLES[severity]))
            yield (title, *(each for found in group for each in _lines(found, told, style)))
    explained = [one for one in report.differences if one.cause]
    if explained:
        title = line(Span("EXPLAINED", Role.DIM))
        yield (title, *(each for found in explained for each in _lines(found, told, style)))


def _lines(difference: Difference, told: Told, style: Style) -> tuple[Line, ...]:
    role = Role.DIM if difference.cause else ROLES[difference.severity]
    sign, words = CHANGES[difference.change]
    head = line(
        "  ",
        Span(sign, role),
        f" {difference.kind} ",
        Span(dotted(difference.identity), Role.STRONG),
        Span(f"  {words.format(difference)}", role),
        Span(f", because of {difference.cause}" if difference.cause else "", Role.DIM),
    )
    changed = difference.attributes if difference.change == Change.CHANGED else ()
    values = (each for change in changed for each in _values(change, difference))
    finding = told.get((difference.kind, dotted(difference.identity)))
    return (head, *values, *(hint(finding.hint, style) if finding else ()))


def _values(change: AttributeChange, difference: Difference) -> tuple[Line, ...]:
    here, there = difference.source, difference.target
    source, target = _shown(change.source), _shown(change.target)
    if "\n" in source or "\n" in target:
        title = Span(f"{change.name}, - on {here}, + on {there}:", Role.DIM)
        return (line(INDENT, title), *_changed_lines(source, target))
    before, after = Span(f" on {here}, ", Role.DIM), Span(f" on {there}", Role.DIM)
    return (line(INDENT, Span(f"{change.name}: ", Role.DIM), source, before, target, after),)


def _changed_lines(source: str, target: str) -> Iterator[Line]:
    """Yield what differs in a long text (a view, a function), with one line around it."""
    from difflib import unified_diff

    changed = list(unified_diff(lines(source), lines(target), n=1, lineterm=""))
    for text in changed[2:]:
        role = {"-": Role.BAD, "+": Role.GOOD, "@": Role.DIM}.get(text[:1], Role.PLAIN)
        yield line(INDENT, Span(text.rstrip(), role))


def _shown(value: str | None) -> str:
    return "(none)" if value is None else value
