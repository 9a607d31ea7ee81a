"""A source line under a finding, with a caret below the column that it is about."""

from migrate_hooks.model.finding import FilePlace, Finding
from migrate_hooks.render.base import Style
from migrate_hooks.render.ink import Line, Role, Span, line
from migrate_hooks.render.text import plain, sanitise, width

_USUAL = 100  # columns, where the stream has no width of its own


def lines(finding: Finding, style: Style) -> tuple[Line, ...]:
    """Return the line with its number and the caret below it, or nothing without an excerpt.

    A tab takes one column. A line that is too long is cut around the caret.
    """
    place = finding.place
    if not isinstance(place, FilePlace) or not finding.excerpt.strip():
        return ()
    number = f"    {place.line} | "
    empty = f"{' ' * (len(number) - 2)}| "
    at = min(place.column - 1, len(finding.excerpt))
    before, behind = _cut(finding.excerpt, at, (style.width or _USUAL) - len(number), style)
    return (
        line(Span(number, Role.DIM), before + behind),
        line(Span(empty, Role.DIM), " " * width(before), Span("^", Role.BAD)),
    )


def _cut(text: str, at: int, room: int, style: Style) -> tuple[str, str]:
    """Return what is shown before and from offset `at` on, `room` columns at most."""
    before, behind = _shown(text[:at], style), _shown(text[at:], style)
    if width(before) + width(behind) <= room:
        return before, behind
    dots = "…" if style.unicode else "..."
    kept = max(room // 2, room - width(behind))
    if width(before) > kept:
        before = dots + _last(before, kept - len(dots))
    rest = room - width(before)
    if width(behind) > rest:
        behind = _first(behind, rest - len(dots)) + dots
    return before, behind


def _shown(text: str, style: Style) -> str:
    safe = sanitise(text.replace("\t", " "))
    return safe if style.unicode else plain(safe)


def _first(text: str, room: int) -> str:
    while width(text) > max(room, 0):
        text = text[: max(room, 0)] if len(text) > room else text[:-1]
    return text


def _last(text: str, room: int) -> str:
    while width(text) > max(room, 0):
        text = text[len(text) - max(room, 0) :] if len(text) > room else text[1:]
    return text
