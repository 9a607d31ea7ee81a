"""Tables whose columns stand under each other, whatever script the names are written in."""

from collections.abc import Sequence

from migrate_hooks.render.ink import Line, Role, Span, line

Row = Sequence[Span]

GAP = "  "


def table(header: Sequence[str], rows: Sequence[Row], indent: str = GAP) -> tuple[Line, ...]:
    """Return the lines of a table; a column that is empty in every row is left out, as is a header
    of empty texts.
    """
    used = [at for at in range(len(header)) if any(row[at].text for row in rows)]
    titles = [Span(title, Role.DIM) for title in header]
    every = [titles, *rows] if any(header) else list(rows)
    widths = {at: max(row[at].columns for row in every) for at in used}
    return tuple(line(indent, *_cells(row, used, widths)) for row in every)


def _cells(row: Row, used: Sequence[int], widths: dict[int, int]) -> list[Span]:
    cells: list[Span] = []
    for at in used:
        fill = " " * (widths[at] - row[at].columns)
        cells += [row[at], Span(fill if at == used[-1] else fill + GAP)]
    return cells
