"""PostgreSQL's lexical rules: text to tokens that join back to it, offsets to lines and columns.

The rules are those of the server's scan.l with `standard_conforming_strings` on, plus two things
that only psql knows and a migration may still contain: meta-commands and the data of a COPY.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

TRIVIA = frozenset({"space", "line_comment", "block_comment"})


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: offsets in characters, `end` not included."""

    start: int
    end: int


class Token(NamedTuple):
    """One lexical unit; `start` counts characters from 0.

    `kind` is one of: space, line_comment, block_comment, string, dollar, quoted, word, number,
    parameter, semicolon, operator, punct, meta (a psql command up to its line's end), copy_data
    (what follows COPY … FROM stdin, up to its backslash-dot line), bad (opened, never closed).
    A tuple and not a dataclass because a large file has millions of them.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Return the offset just behind the token."""
        return self.start + len(self.text)


# Letters, digits, _ and $ of names; all beyond ASCII is a letter. A set that says what is left out
# is compiled at once; one that names everything beyond ASCII takes Python milliseconds.
_LETTER = r"[^\x00-@\[-^`{-\x7f]"
_INNER = r"[^\x00-\x23%-/:-@\[-^`{-\x7f]"
_TAGGED = r"[^\x00-/:-@\[-^`{-\x7f]"  # no $ in the tag of a dollar quote
# E'…' goes on behind a line break with the same escape rules, so its parts must stay one token.
_RESUMED = r"(?:[ \t\f\v]|--[^\n\r]*+)*+[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*+[\n\r])*+'"
_ESCAPES = r"(?:[^'\\]|''|\\.)*+'"
_TOKEN = re.compile(
    rf"""
      (?P<space>(?:\A\ufeff)?[ \t\n\r\f\v]++|\A\ufeff)
    | (?P<word>(?:(?![BENUXbenux]){_LETTER}|[BENXbenx](?!')|[Uu](?!&['"])){_INNER}*+)
    | (?P<punct>[(),\[\]]|\.\.)
    | (?P<semicolon>;)
    | (?P<string>[eE]'{_ESCAPES}(?:{_RESUMED}{_ESCAPES})*+|(?:[nN]|[uU]&)?'(?:[^']|'')*+'
        |[bBxX]'[^']*+')
    | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")*+")
    | (?P<line_comment>--[^\n\r]*+)
    | (?P<block_comment>/\*)
    | (?P<number>0[xXoObB][0-9a-fA-F_]++
        |(?:[0-9][0-9_]*+(?:\.(?!\.)[0-9_]*+)?|\.[0-9][0-9_]*+)(?:[eE][+-]?[0-9]++)?)
    | (?P<dollar>\$(?:{_LETTER}{_TAGGED}*+)?\$)
    | (?P<parameter>\$[0-9]++)
    | (?P<operator>(?:(?!--|/\*)[~!@\#^&|`?+\-*/%<>=])++)
    | (?P<meta>\\[^\n\r]*+)
    | (?P<bad>(?:[bBeEnNxX]|[uU]&)?['"])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# What a match only opens, or what ends a statement: the loop over plain matches stops there.
_HALTS = frozenset({"block_comment", "dollar", "bad", "semicolon", "meta"})
_ENDS = frozenset({"semicolon", "meta"})
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_COPY = re.compile(
    r"(?:[ \t\n\r\f\v\ufeff]|--[^\n\r]*+|/\*.*?\*/)*+copy\b", re.IGNORECASE | re.DOTALL
)
_COPY_END = re.compile(r"^\\\.[ \t]*(?=\r?$)", re.MULTILINE)


def tokens(text: str) -> tuple[Token, ...]:
    """Return every token of `text`, none left out: their texts join back to it."""
    return tuple(scan(text))


def scan(text: str, at: int = 0) -> Iterator[Token]:
    """Yield the tokens of `text` from the offset `at` on, one by one."""
    statement, copies = at, True
    while at < len(text):
        kind = ""
        for match in _TOKEN.finditer(text, at):
            kind, end = str(match.lastgroup), match.end()
            if kind in _HALTS:
                kind, end = _closed(text, match)
            yield Token(kind, text[at:end], at)
            at = end
            if kind in _HALTS:
                break
        if kind not in _ENDS:
            continue
        if kind == "semicolon" and copies and _copies_from_stdin(text, Span(statement, at)):
            data = _COPY_END.search(text, at)
            copies = data is not None  # so that a text without such an end is searched once
            if data is not None:
                yield Token("copy_data", text[at : data.end()], at)
                at = data.end()
        statement = at


def significant(found: Sequence[Token]) -> tuple[Token, ...]:
    """Return the tokens that mean something to the server: no white space, no comments."""
    return tuple(token for token in found if token.kind not in TRIVIA)


def alone(token: Token, before: Token | None) -> bool:
    """Tell whether `token` is the first thing on its line, given the token before it."""
    if before is None:
        return token.start == 0
    return before.kind == "space" and (before.start == 0 or bool({"\n", "\r"} & set(before.text)))


def locator(text: str) -> Callable[[int], tuple[int, int]]:
    """Return a function from an offset in `text` to its line and column, both from 1.

    A byte order mark takes no column.
    """
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    starts[0] = 1 if text.startswith("\ufeff") else 0

    def locate(offset: int) -> tuple[int, int]:
        line = max(bisect_right(starts, offset), 1)
        return line, max(offset - starts[line - 1], 0) + 1

    return locate


def _closed(text: str, match: re.Match[str]) -> tuple[str, int]:
    """Return kind and end of a token of which `match` may be only the beginning."""
    kind, end = str(match.lastgroup), match.end()
    if kind == "block_comment":
        end = _comment_end(text, match.start())
    elif kind == "dollar":
        closing = text.find(match[0], end)
        end = closing + len(match[0]) if closing >= 0 else -1
    elif kind == "bad":
        end = -1
    return (kind, end) if end >= 0 else ("bad", len(text))


def _comment_end(text: str, at: int) -> int:
    """Return the offset behind a block comment, which may hold others; -1 when it never ends."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, at):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    return -1


def _copies_from_stdin(text: str, span: Span) -> bool:
    """Tell whether this statement is a COPY that psql would feed from the lines below it."""
    if not _COPY.match(text, span.start):
        return False
    found = significant(tuple(scan(text[span.start : span.end - 1])))
    return ("from", "stdin") in pairwise(token.text.lower() for token in found)
