"""Differences for people: the worst first, by schema and object, both values under each other."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby, takewhile

from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import AttributeChange, Change, Difference, Origin
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
_SHORT = 60
"""Characters of both values that are easily compared on one line."""

Told = Mapping[tuple[str, str], Finding]


def differences(report: Report, style: Style) -> Iterator[tuple[Line, ...]]:
    """Yield one block for each severity that is to be shown, and one for what is explained."""
    told = of_differences(report)
    for severity in Severity:
        group = [
            one for one in report.differences if one.severity == severity and not one.explained
        ]
        if group and (style.verbose or severity != Severity.INFO):
            title = line(Span(severity.upper(), ROLES[severity]))
            yield (title, *_tree(group, told, style))
    explained = [one for one in report.differences if one.explained and _is_news(one, style)]
    if explained:
        title = line(Span("EXPLAINED", Role.DIM))
        yield (title, *_tree(explained, told, style))


def _is_news(difference: Difference, style: Style) -> bool:
    """Return whether anybody wants to know: what a provider does in its database is usual."""
    return style.verbose or difference.origin is not Origin.PROVIDER


def _tree(group: Sequence[Difference], told: Told, style: Style) -> Iterator[Line]:
    """Yield the lines of each difference, in a terminal below its schema and its table."""
    if not style.width:  # every line says it all, for programs like grep
        for found in group:
            yield from _lines(found, told, style)
        return
    for place, members in groupby(sorted(group, key=_place), key=_place):
        yield line("  ", Span(dotted(place), Role.DIM))
        for found in members:
            yield from _lines(found, told, style)


def _place(difference: Difference) -> tuple[str, ...]:
    return difference.table or difference.identity[:1]


def _lines(difference: Difference, told: Told, style: Style) -> tuple[Line, ...]:
    role = Role.DIM if difference.explained else ROLES[difference.severity]
    sign, words = CHANGES[difference.change]
    indent = "    " if style.width else "  "
    head = line(
        indent,
        Span(sign, role),
        f" {difference.kind} ",
        Span(dotted(difference.identity), Role.STRONG),
        Span(f"  {words.format(difference)}", role),
        Span(f" ({difference.cause})" if difference.cause else "", Role.DIM),
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
    if len(source) + len(target) > _SHORT:
        return (line(INDENT, Span(f"{change.name}:", Role.DIM)), *_beside(difference, change))
    before, after = Span(f" on {here}, ", Role.DIM), Span(f" on {there}", Role.DIM)
    return (line(INDENT, Span(f"{change.name}: ", Role.DIM), source, before, target, after),)


def _beside(difference: Difference, change: AttributeChange) -> Iterator[Line]:
    """Yield both values, one under the other, and under them a mark below what differs."""
    source, target = _shown(change.source), _shown(change.target)
    start = _shared(source, target)
    end = _shared(source[start:][::-1], target[start:][::-1])
    room = max(len(difference.source), len(difference.target))
    sides = ((difference.source, source, Role.BAD), (difference.target, target, Role.GOOD))
    for name, value, role in sides:
        stop = len(value) - end
        middle = Span(value[start:stop], role)
        label = Span(f"{name.ljust(room)}  ", Role.DIM)
        yield line(INDENT, "  ", label, value[:start], middle, value[stop:])
    width = max(len(source), len(target)) - end - start
    yield line(INDENT, " " * (2 + room + 2 + start), Span("^" * max(width, 1), Role.DIM))


def _shared(one: str, other: str) -> int:
    """Return how many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _changed_lines(source: str, target: str) -> Iterator[Line]:
    """Yield what differs in a long text (a view, a function), with one line around it."""
    from difflib import unified_diff

    changed = list(unified_diff(lines(source), lines(target), n=1, lineterm=""))
    for text in changed[2:]:
        role = {"-": Role.BAD, "+": Role.GOOD, "@": Role.DIM}.get(text[:1], Role.PLAIN)
        yield line(INDENT, Span(text.rstrip(), role))


def _shown(value: str | None) -> str:
    return "(none)" if value is None else value
