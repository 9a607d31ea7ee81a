"""Tables whose columns stand under each other, whatever script the names are written in."""

from collections.abc import Sequence
from functools import cache

from migrate_hooks.render.base import Style
from migrate_hooks.render.ink import Line, Role, Span, line
from migrate_hooks.render.wrap import wrapped

Row = Sequence[Span]

GAP = "  "
NARROWEST = 20
"""Columns that a cell needs to be folded; with less room it is left to the terminal."""


def table(
    header: Sequence[str], rows: Sequence[Row], style: Style, indent: str = GAP
) -> tuple[Line, ...]:
    """Return the lines of a table; a column that is empty in every row is left out, as is a header
    of empty texts. On a narrow terminal the last column is folded.
    """
    used = [at for at in range(len(header)) if any(row[at].text for row in rows)]
    titles = [Span(title, Role.DIM) for title in header]
    every = [titles, *rows] if any(header) else list(rows)
    widths = {at: max(row[at].columns for row in every) for at in used}
    return tuple(each for row in every for each in _row(row, used, widths, style, indent))


def _row(
    row: Row, used: Sequence[int], widths: dict[int, int], style: Style, indent: str
) -> tuple[Line, ...]:
    cells = _cells(row, used, widths)
    before, last = line(indent, *cells[:-2]), row[used[-1]] if used else Span("")
    start = sum(span.columns for span in before)
    # A line feed in a cell is data, which would begin a line of its own when it is folded.
    if not style.width or style.width - start < NARROWEST or "\n" in last.text:
        return (line(indent, *cells),)
    return wrapped(before, last.text, style, indent=" " * start, role=last.role)


def _cells(row: Row, used: Sequence[int], widths: dict[int, int]) -> list[Span]:
    cells: list[Span] = []
    for at in used:
        fill = widths[at] - row[at].columns + (0 if at == used[-1] else len(GAP))
        cells += [row[at], _blank(fill)]
    return cells


@cache
def _blank(columns: int) -> Span:
    return Span(" " * columns)
