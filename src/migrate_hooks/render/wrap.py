"""Long sentences on a narrow terminal: later lines hang under the first."""

from migrate_hooks.render.base import Style
from migrate_hooks.render.ink import Line, Role, Span, line
from migrate_hooks.render.text import lines, width

NARROWEST = 40


def wrapped(
    head: Line, text: str, style: Style, indent: str = "    ", role: Role = Role.PLAIN
) -> tuple[Line, ...]:
    """Return `head` followed by `text`; its own line breaks stay, later lines start at `indent`.

    Without a width (a pipe) only the text's own line breaks count.
    """
    first, *later = lines(text)
    taken = sum(span.columns for span in head)
    spread = [*_fold(first, style, taken, len(indent))]
    spread += [part for each in later for part in _fold(each, style, len(indent), len(indent))]
    return (
        line(*head, Span(spread[0], role)),
        *(line(indent, Span(part, role)) for part in spread[1:]),
    )


def _fold(text: str, style: Style, first: int, rest: int) -> list[str]:
    room = max(style.width, NARROWEST)
    if not style.width or first + width(text) <= room:
        return [text]
    return _fill(text, room - first, room - rest)


def _fill(text: str, first: int, rest: int) -> list[str]:
    lead = text[: len(text) - len(text.lstrip())]
    filled = [lead]
    for word in text.split():
        room = first if len(filled) == 1 else rest
        joined = f"{filled[-1]} {word}" if filled[-1].strip() else filled[-1] + word
        # A word that fits nowhere goes where there is most room, which may be where it stands.
        stays = not filled[-1].strip() and (len(filled) > 1 or first >= rest)
        if width(joined) <= room or stays:
            filled[-1] = joined
        else:
            filled.append(word)
    return filled
