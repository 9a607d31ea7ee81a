"""Lines made of spans; colour and escaping happen once, when they are put on the page."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from migrate_hooks.render.base import Style
from migrate_hooks.render.text import is_harmless, plain, sanitise, width


class Role(StrEnum):
    """What a span is, as the ANSI parameters that show it; eight colours, so any theme fits."""

    PLAIN = ""
    STRONG = "1"
    DIM = "2"
    BAD = "1;31"
    GOOD = "32"
    WARNING = "33"
    NOTE = "36"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of one line. Its text may be hostile until it is put on the page."""

    text: str
    role: Role = Role.PLAIN

    @property
    def columns(self) -> int:
        """How wide the span is once its text is made safe."""
        text = self.text
        return len(text) if is_harmless(text) else width(sanitise(text, keep="\t"))


Line = tuple[Span, ...]

BLANK: Line = ()


def line(*parts: str | Span) -> Line:
    """Return a line of `parts`, plain texts among them."""
    return tuple(Span(part) if isinstance(part, str) else part for part in parts)


def page(lines: Iterable[Line], style: Style) -> str:
    """Return the text of `lines`: every span escaped, then coloured if `style` says so."""
    return "".join(f"{_text(spans, style)}\n" for spans in lines)


def _text(spans: Line, style: Style) -> str:
    return "".join(_span(span, style) for span in spans).rstrip(" ")


def _span(span: Span, style: Style) -> str:
    shown = span.text
    if not is_harmless(shown):
        safe = sanitise(shown, keep="\t")
        shown = safe if style.unicode else plain(safe)
    if not style.color or not span.role or not shown.strip():
        return shown
    return f"\x1b[{span.role}m{shown}\x1b[0m"
