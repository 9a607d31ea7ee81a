"""Differences for people: the worst first, both values under each other."""

from collections.abc import Iterator

from migrate_hooks.model.finding import Severity
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import AttributeChange, Change, Difference
from migrate_hooks.render.base import Style
from migrate_hooks.render.findings import ROLES
from migrate_hooks.render.identity import dotted
from migrate_hooks.render.ink import Line, Role, Span, line
from migrate_hooks.render.text import lines

CHANGES = {
    Change.MISSING: ("-", "missing in the target"),
    Change.UNEXPECTED: ("+", "only in the target"),
    Change.CHANGED: ("~", "differs"),
}

INDENT = " " * 6


def differences(report: Report, style: Style) -> Iterator[tuple[Line, ...]]:
    """Yield one block for each severity that is to be shown."""
    for severity in Severity:
        group = [each for each in report.differences if each.severity == severity]
        if group and (style.verbose or severity != Severity.INFO):
            title = line(Span(severity.upper(), ROLES[severity]))
            yield (title, *(each for found in group for each in _lines(found, ROLES[severity])))


def _lines(difference: Difference, role: Role) -> tuple[Line, ...]:
    sign, words = CHANGES[difference.change]
    head = line(
        "  ",
        Span(sign, role),
        f" {difference.kind} ",
        Span(dotted(difference.identity), Role.STRONG),
        Span(f"  {words}", role),
        Span(f", because of {difference.cause}" if difference.cause else "", Role.DIM),
    )
    if difference.change != Change.CHANGED:
        return (head,)
    return (head, *(each for change in difference.attributes for each in _values(change)))


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
