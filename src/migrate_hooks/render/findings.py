"""Findings for people: by file and line, the worst first where there is no file."""

from collections.abc import Iterator
from itertools import groupby

from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Report
from migrate_hooks.render import excerpt
from migrate_hooks.render.base import Style
from migrate_hooks.render.ink import Line, Role, Span, line
from migrate_hooks.render.wrap import wrapped
from migrate_hooks.schema.identity import dotted

ROLES = {
    Severity.CRITICAL: Role.BAD,
    Severity.WARNING: Role.WARNING,
    Severity.INFO: Role.NOTE,
}

RANK = {severity: rank for rank, severity in enumerate(Severity)}


def sections(report: Report, style: Style) -> Iterator[tuple[Line, ...]]:
    """Yield one block of lines for each file, then one for everything that is in no file."""
    if is_failure(report):
        return
    told = of_differences(report)
    shown = [
        each
        for each in report.findings
        if _subject(each) not in told and (style.verbose or each.severity != Severity.INFO)
    ]
    for _, group in groupby(sorted(shown, key=_order), key=_group):
        yield tuple(each for finding in group for each in _lines(finding, style))


def is_failure(report: Report) -> bool:
    """Say whether the report is nothing but the one sentence that stopped the action."""
    return (
        len(report.findings) == 1
        and report.findings[0].place is None
        and report.outcome not in ("clean", "findings")
    )


def of_differences(report: Report) -> dict[tuple[str, str], Finding]:
    """Return the findings that speak of the report's differences, by kind and identity."""
    found = {(each.kind, dotted(each.identity)) for each in report.differences}
    told = ((_subject(each), each) for each in report.findings)
    return {subject: each for subject, each in told if subject in found}


def _subject(finding: Finding) -> tuple[str, str]:
    place = finding.place
    return (place.kind, place.identity) if isinstance(place, ObjectPlace) else ("", "")


def hint(text: str, style: Style) -> tuple[Line, ...]:
    """Return the lines of a hint, set in under what it is about."""
    return (
        wrapped(line("    ", Span("→ ", Role.NOTE)), text, style, indent="      ") if text else ()
    )


def _group(finding: Finding) -> tuple[str, ...]:
    match finding.place:
        case FilePlace(path=path):
            return ("file", path)
        case ObjectPlace(environment=environment):
            return ("object", environment)
    return ("none",)


def _order(finding: Finding) -> tuple[object, ...]:
    match finding.place:
        case FilePlace(path=path, line=row, column=column):
            return (0, path, row, column, RANK[finding.severity])
        case ObjectPlace(environment=environment, identity=identity):
            return (1, environment, RANK[finding.severity], identity)
    return (2, "", RANK[finding.severity])


def _lines(finding: Finding, style: Style) -> tuple[Line, ...]:
    # On one line where programs like grep read along, under its place where people do.
    head = line(
        *_where(finding),
        Span(finding.severity, ROLES[finding.severity]),
        "  ",
        Span(finding.code, Role.DIM),
    )
    if style.width:
        message = (head, *wrapped(line("    "), finding.message, style))
    else:
        message = wrapped(line(*head, "  "), finding.message, style)
    source = excerpt.lines(finding, style)
    return (*message, *source, *hint(finding.hint, style), *_page(finding, style))


def _page(finding: Finding, style: Style) -> tuple[Line, ...]:
    """Return what to type to read more; every rule has a page, but the sum would be noise."""
    if not style.verbose:
        return ()
    from migrate_hooks.lint import codes

    if not codes.is_known(finding.code):
        return ()
    return (line("    ", Span(f"migrate-hooks rule {finding.code}", Role.DIM)),)


def _where(finding: Finding) -> Line:
    match finding.place:
        case FilePlace(path=path, line=row, column=column):
            return line(Span(f"{path}:{row}:{column}", Role.STRONG), "  ")
        case ObjectPlace(environment=environment, kind="environment"):
            return line(Span(environment, Role.STRONG), "  ")
        case ObjectPlace(environment=environment, kind=kind, identity=identity):
            return line(f"{environment}: {kind} ", Span(identity, Role.STRONG), "  ")
    return ()
