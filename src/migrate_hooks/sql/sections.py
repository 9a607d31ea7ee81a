"""Find UP and DOWN in a migration file: comment lines whose whole text is a marker."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from migrate_hooks.sql.commented import revive
from migrate_hooks.sql.lexer import TRIVIA, Span, Token, alone, locator, scan
from migrate_hooks.sql.split import levels

__all__ = ["Marker", "Part", "Sections", "Span", "blank", "half", "is_waiver", "read"]

# A rule drawn with dashes needs three of them: "-- -- Down" is a marker that was commented out.
_RULE = r"\s*+(?:(?:[=*#~_]++|-{3,}+)\s*+)*+"
_MARKER = re.compile(
    rf"-{{2,}}+{_RULE}(?P<kind>up|down)(?:\s++migrations?)?\s*+:?\s*+(?:\([^()]*+\)\s*+)?:?{_RULE}-*",
    re.IGNORECASE,
)
_WAIVER = re.compile(
    r"-{2,}+\s*+down(?:\s++migration)?\s*+:\s*+irreversible\b"
    r"(?:[\s,:]*+because\b[\s:,.…-]*+(?P<reason>.*)|.*)",
    re.IGNORECASE,
)
_NO_TRANSACTION = re.compile(r"-{2,}+\s*+migrate-hooks:\s*+no-transaction\s*+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker comment: kind "up" or "down", its place from 1, its offsets without the line's end.

    `commented` tells that no code follows it but SQL in comments does.
    """

    kind: str
    line: int
    column: int
    start: int
    end: int
    commented: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the file that belongs to one direction: what stands behind its marker."""

    kind: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sections:
    """Where the halves of a file are.

    `up` and `down` are the first part of their kind, None when there is none; a file without
    markers is all UP. `parts` holds them all in file order, for files that repeat a marker.
    `waiver` is the stated reason for no DOWN; `waiver_line` without it: no reason was given.
    """

    markers: tuple[Marker, ...]
    parts: tuple[Part, ...]
    waiver: str | None
    waiver_line: int | None
    no_transaction: bool

    @property
    def up(self) -> Span | None:
        """Return the first UP part."""
        return next((part.span for part in self.parts if part.kind == "up"), None)

    @property
    def down(self) -> Span | None:
        """Return the first DOWN part."""
        return next((part.span for part in self.parts if part.kind == "down"), None)


@lru_cache(maxsize=64)  # the layout asks, and so do the facts about the same file
def read(text: str) -> Sections:
    """Return the sections of `text`; offsets count characters of exactly this text."""
    comments, code = _landmarks(text)
    markers = tuple(_markers(text, comments, code))
    waivers = [(token, match) for token in comments if (match := _WAIVER.fullmatch(token.text))]
    reasons = [match["reason"].strip() for _, match in waivers if match["reason"]]
    return Sections(
        markers=markers,
        parts=tuple(_parts(markers, code, len(text))),
        waiver=next(filter(None, reasons), None),
        waiver_line=locator(text)(waivers[0][0].start)[0] if waivers else None,
        no_transaction=any(_NO_TRANSACTION.fullmatch(token.text) for token in comments),
    )


def half(text: str, sections: Sections, kind: str) -> str:
    """Return `text` with everything blanked that is no part of `kind`; lines and columns stay."""
    at = 0
    pieces: list[str] = []
    for part in sections.parts:
        if part.kind == kind:
            pieces += [_blanks(text[at : part.span.start]), text[part.span.start : part.span.end]]
            at = part.span.end
    return "".join([*pieces, _blanks(text[at:])])


def blank(text: str, span: Span) -> str:
    """Return `text` with one span turned into spaces; line ends stay, so places stay true."""
    return text[: span.start] + _blanks(text[span.start : span.end]) + text[span.end :]


def is_waiver(line: str) -> bool:
    """Tell whether a comment line says that there is no DOWN, with a reason or without."""
    return _WAIVER.fullmatch(line.strip()) is not None


def _landmarks(text: str) -> tuple[list[Token], list[int]]:
    """Return the comments that stand alone on their line, outside of any body, and where code is.

    Of the code only the start behind each of those comments, which is all that parts need.
    """
    comments: list[Token] = []
    code: list[int] = []
    before: Token | None = None
    seen = False
    for token, inside in levels(scan(text)):
        if token.kind not in TRIVIA:
            if not seen:
                code.append(token.start)
            seen = True
        elif token.kind == "line_comment" and not inside and alone(token, before):
            comments.append(token)
            seen = False
        before = token
    return comments, code


def _markers(text: str, comments: Sequence[Token], code: list[int]) -> Iterator[Marker]:
    marks = [(token, match) for token in comments if (match := _MARKER.fullmatch(token.text))]
    edges = [*(token.start for token, _ in marks), len(text)]
    locate = locator(text)
    for (token, match), end in zip(marks, edges[1:], strict=True):
        behind = Span(token.end, end)
        commented = not _any_within(code, behind) and _holds_sql(text[token.end : end])
        line, column = locate(token.start)
        yield Marker(match["kind"].lower(), line, column, token.start, token.end, commented)


def _holds_sql(comments: str) -> bool:
    return bool(revive(comments, Span(0, len(comments))).text.strip())


def _parts(markers: Sequence[Marker], code: list[int], length: int) -> Iterator[Part]:
    """Yield the parts in file order; neighbours of one kind are one part.

    What stands before the first marker is UP, unless it is only a header.
    """
    edges = [*(marker.start for marker in markers), length]
    head = Span(0, edges[0])
    pieces = [Part("up", head)] if _any_within(code, head) or not markers else []
    for marker, end in zip(markers, edges[1:], strict=True):
        pieces.append(Part(marker.kind, Span(marker.end, end)))
    for kind, run in groupby(pieces, key=lambda part: part.kind):
        spans = [part.span for part in run]
        yield Part(kind, Span(spans[0].start, spans[-1].end))


def _any_within(starts: list[int], span: Span) -> bool:
    return bisect_left(starts, span.start) < bisect_left(starts, span.end)


def _blanks(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)
