"""The report for people: what was found, where, what to do, and one line that says how it ended.

What only some reports have is imported when one has it: most have findings at most.
"""

from collections.abc import Iterator

from migrate_hooks.model.report import Report
from migrate_hooks.render import findings, verdict
from migrate_hooks.render.base import Format, Style
from migrate_hooks.render.ink import BLANK, Line, Role, Span, line, page
from migrate_hooks.render.table import table
from migrate_hooks.render.text import lines
from migrate_hooks.render.wrap import wrapped


def render(report: Report, style: Style) -> str:
    """Return the report as text that ends with its verdict."""
    sections = [section for section in _sections(report, style) if section]
    spaced = [each for section in sections for each in (*section, BLANK)]
    return page(spaced[:-1], style)


def _sections(report: Report, style: Style) -> Iterator[tuple[Line, ...]]:
    yield from _migrations(report, style)
    yield _body(report)
    yield from _listings(report, style)
    yield from _differences(report, style)
    yield from findings.sections(report, style)
    yield _notes(report, style)
    yield verdict.closing(report, style)


def _migrations(report: Report, style: Style) -> Iterator[tuple[Line, ...]]:
    if report.entries or report.steps:
        from migrate_hooks.render import migrations

        yield from migrations.entries(report, style)
        yield migrations.steps(report, style)


def _differences(report: Report, style: Style) -> Iterator[tuple[Line, ...]]:
    if report.differences:
        from migrate_hooks.render import drift

        yield from drift.differences(report, style)


def _body(report: Report) -> tuple[Line, ...]:
    return tuple(line(text) for text in lines(report.body)) if report.body else ()


def _listings(report: Report, style: Style) -> Iterator[tuple[Line, ...]]:
    for listing in report.listings:
        if listing.most == 0:
            continue
        title = (line(Span(listing.title, Role.STRONG)),) if listing.title else ()
        shown = listing.rows[: listing.most]
        rows = [[Span(text) for text in row] for row in shown]
        yield (*title, *table(listing.columns, rows, style), *_more(len(listing.rows) - len(rows)))


def _more(count: int) -> tuple[Line, ...]:
    return (line(f"… and {count} more: --format=json has all of them"),) if count else ()


def _notes(report: Report, style: Style) -> tuple[Line, ...]:
    return tuple(each for note in report.notes for each in wrapped((), note, style, indent="  "))


FORMAT = Format(name="human", render=render, for_people=True)
