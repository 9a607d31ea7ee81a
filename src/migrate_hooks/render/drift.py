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
    Change.MISSING: ("-", "missing in the target"),
    Change.UNEXPECTED: ("+", "only in the target"),
    Change.CHANGED: ("~", "differs"),
}

INDENT = " " * 6

Told = Mapping[tuple[str, str], Finding]


def differences(report: Report, style: Style) -> Iterator[tuple[Line, ...]]:
    """Yield one block for each severity that is to be shown."""
    told = of_differences(report)
    for severity in Severity:
        group = [each for each in report.differences if each.severity == severity]
        if group and (style.verbose or severity != Severity.INFO):
            title = line(Span(severity.upper(), ROLES[severity]))
            yield (title, *(each for found in group for each in _lines(found, told, style)))


def _lines(difference: Difference, told: Told, style: Style) -> tuple[Line, ...]:
    role = ROLES[difference.severity]
    sign, words = CHANGES[difference.change]
    head = line(
        "  ",
        Span(sign, role),
        f" {difference.kind} ",
        Span(dotted(difference.identity), Role.STRONG),
        Span(f"  {words}", role),
        Span(f", because of {difference.cause}" if difference.cause else "", Role.DIM),
    )
    changed = difference.attributes if difference.change == Change.CHANGED else ()
    values = (each for change in changed for each in _values(change))
    finding = told.get((difference.kind, dotted(difference.identity)))
    return (head, *values, *(hint(finding.hint, style) if finding else ()))


def _values(change: AttributeChange) -> tuple[Line, ...]:
    source, target = _shown(change.source), _shown(change.target)
    if "\n" in source or "\n" in target:
        title = Span(f"{change.name}, - in the source, + in the target:", Role.DIM)
        return (line(INDENT, title), *_changed_lines(source, target))
    before, after = Span(" in the source, ", Role.DIM), Span(" in the target", Role.DIM)
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
