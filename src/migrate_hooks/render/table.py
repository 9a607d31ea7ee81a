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
    sizes = [[row[at].columns for at in used] for row in every]
    widths = [max(column) for column in zip(*sizes, strict=True)]
    rows_of_cells = (
        _cells([row[at] for at in used], size, widths)
        for row, size in zip(every, sizes, strict=True)
    )
    return tuple(each for cells in rows_of_cells for each in _row(cells, style, indent))


def _row(cells: list[Span], style: Style, indent: str) -> tuple[Line, ...]:
    before, last = line(indent, *cells[:-2]), cells[-2] if cells else Span("")
    start = sum(span.columns for span in before)
    # A line feed in a cell is data, which would begin a line of its own when it is folded.
    if not style.width or style.width - start < NARROWEST or "\n" in last.text:
        return (line(indent, *cells),)
    return wrapped(before, last.text, style, indent=" " * start, role=last.role)


def _cells(row: Row, sizes: Sequence[int], widths: Sequence[int]) -> list[Span]:
    """Return each cell and the blanks behind it; behind the last one there is no gap."""
    cells: list[Span] = []
    for span, size, columns in zip(row, sizes, widths, strict=True):
        cells += (span, _blank(columns - size + len(GAP)))
    return [*cells[:-1], _blank(widths[-1] - sizes[-1])] if cells else cells


@cache
def _blank(columns: int) -> Span:
    return Span(" " * columns)
