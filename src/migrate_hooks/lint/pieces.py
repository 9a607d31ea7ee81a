"""Where the statements of a file stand in its text, exactly as it is, so that they can be edited.

What a layout reads has lost its byte order mark and its CRLF; here every offset is the file's own.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrate_hooks.lint.change import Case
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.model.finding import FilePlace
from migrate_hooks.model.migration import Statement
from migrate_hooks.sql import sections, split
from migrate_hooks.sql.lexer import TRIVIA, Span, Token, scan
from migrate_hooks.sql.operations import Operation

_NO_WORDS = re.compile(r"[\s\-=*#~_]*")  # a ruled line belongs to a heading
_OWN = re.compile(r"--+\s*migrate-hooks:\s*no-transaction\s*", re.IGNORECASE)
_LEADER = re.compile(r"\s*--[ \t]?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement in its file: `start` to `end` without its terminator, `stop` with it.

    `in_comment` tells that its lines are comments, from which its layout reads it; it then reaches
    from the start of its first line to the end of its last.
    """

    statement: Statement
    start: int
    end: int
    stop: int
    in_comment: bool = False


def up(subject: Subject, context: Context) -> tuple[Piece, ...]:
    """Return the statements of UP; where DOWN stands in comments all that can run is UP."""
    if context.down_in_comments:
        return tuple(_plain(subject.text, Span(0, len(subject.text))))
    return _within(subject, "up")


def down(subject: Subject, context: Context) -> tuple[Piece, ...]:
    """Return the statements of DOWN, wherever the layout keeps them."""
    if context.down_in_comments:
        return tuple(_commented(subject))
    return _within(subject, "down")


def at(case: Case) -> Piece | None:
    """Return the statement of UP that the finding is about; one in a DO block is none."""
    place = case.finding.place
    if not isinstance(place, FilePlace):
        return None
    before = [
        one
        for one in up(case.subject, case.context)
        if (one.statement.line, one.statement.column) <= (place.line, place.column)
    ]
    return before[-1] if before and before[-1].statement.verb != "DO" else None


def operations(subject: Subject, piece: Piece) -> tuple[Operation, ...]:
    """Return what one statement of UP does."""
    place = (piece.statement.line, piece.statement.column)
    return tuple(
        one for one in subject.operations if (one.statement.line, one.statement.column) == place
    )


def words(text: str, piece: Piece) -> tuple[Token, ...]:
    """Return the tokens of a statement that mean something; `start` counts in the whole text."""
    found = scan(text[piece.start : piece.end])
    return tuple(
        one._replace(start=one.start + piece.start) for one in found if one.kind not in TRIVIA
    )


def _within(subject: Subject, kind: str) -> tuple[Piece, ...]:
    spans = (part.span for part in subject.sections.parts if part.kind == kind)
    return tuple(one for span in spans for one in _plain(subject.text, span))


def _plain(text: str, span: Span) -> Iterator[Piece]:
    for statement, found in split.pieces(text, span):
        yield Piece(statement, found.start, found.end, _stop(text, found.end))


def _stop(text: str, end: int) -> int:
    """Return the offset behind the terminator that follows, or `end` where none does."""
    for token in scan(text, end):
        if token.kind == "semicolon":
            return token.end
        if token.kind not in TRIVIA:
            break
    return end


def _commented(subject: Subject) -> Iterator[Piece]:
    starts = line_starts(subject.text)
    for one in subject.down:
        start = starts[one.line - 1]
        last = one.line + one.text.count("\n")
        end = starts[last] if last < len(starts) else len(subject.text)
        stop = start + len(subject.text[start:end].rstrip("\r\n"))
        yield Piece(one, start, stop, stop, in_comment=True)


def line_starts(text: str) -> list[int]:
    """Return the offset of each line."""
    return [0, *(found.end() for found in re.finditer("\n", text))]


def with_comments(subject: Subject, piece: Piece) -> Span:
    """Return the stretch of a statement with the comment lines directly above and behind it.

    A marker, a heading and our own no-transaction line stay where they are.
    """
    text, start, stop = subject.text, piece.start, piece.stop
    head = text.rfind("\n", 0, start) + 1
    if not text[head:start].strip():
        start = head
        edge = max((one.end for one in subject.sections.markers if one.end <= start), default=0)
        while start > edge and _is_told(text[text.rfind("\n", 0, start - 1) + 1 : start]):
            start = text.rfind("\n", 0, start - 1) + 1
    tail = re.compile(r"[ \t]*(?:--[^\r\n]*)?(?=\r?\n|\Z)").match(text, stop)
    return Span(start, tail.end() if tail else stop)


def _is_told(line: str) -> bool:
    """Return whether a line is a comment about what follows it."""
    said = line.strip()
    if not said.startswith("--") or _NO_WORDS.fullmatch(said) or _OWN.fullmatch(said):
        return False
    return not sections.read(said).markers and not sections.is_waiver(said)


def without(text: str, span: Span) -> Span:
    """Return `span` with the line end that would stay behind, and one empty line too many."""
    start, end = span.start, span.end
    if text[:start] and text[start - 1] != "\n":
        return span
    found = re.compile(r"\r?\n").match(text, end)
    end = found.end() if found else end
    blank = re.compile(r"\r?\n").match(text, end)
    is_apart = text[:start].endswith(("\n\n", "\n\r\n")) or start == 0
    return Span(start, blank.end() if blank and is_apart else end)


def revived(text: str, piece: Piece) -> str:
    """Return the SQL of a statement as it would stand in a file, lines ending in LF."""
    found = text[piece.start : piece.end].replace("\r\n", "\n")
    if not piece.in_comment:
        return found
    return "\n".join(_LEADER.sub("", line, count=1) for line in found.split("\n")).rstrip("; \t")


def is_named(name: str, statements: Iterable[Statement]) -> bool:
    """Return whether a statement has `name` in it as a word, be it in a string or a body."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return any(word.search(one.text) for one in statements)
