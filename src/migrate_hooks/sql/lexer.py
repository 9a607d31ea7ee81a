"""PostgreSQL's lexical rules: text to tokens that join back to it, offsets to lines and columns.

The rules are those of the server's scan.l with `standard_conforming_strings` on, plus two things
that only psql knows and a migration may still contain: meta-commands and the data of a COPY.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

TRIVIA = frozenset({"space", "line_comment", "block_comment"})


@dataclass(frozen=True, slots=True)
class Token:
    """One lexical unit; `start` counts characters from 0.

    `kind` is one of: space, line_comment, block_comment, string, dollar, quoted, word, number,
    parameter, semicolon, operator, punct, meta (a psql command up to its line's end), copy_data
    (what follows COPY … FROM stdin, up to its backslash-dot line), bad (opened, never closed).
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Return the offset just behind the token."""
        return self.start + len(self.text)


# E'…' goes on behind a line break with the same escape rules, so its parts must stay one token.
_RESUMED = r"(?:[ \t\f\v]|--[^\n\r]*+)*+[\n\r](?:[ \t\n\r\f\v]|--[^\n\r]*+[\n\r])*+'"
_ESCAPES = r"(?:[^'\\]|''|\\.)*+'"
_TOKEN = re.compile(
    rf"""
      (?P<space>(?:\A\ufeff)?[ \t\n\r\f\v]++|\A\ufeff)
    | (?P<string>[eE]'{_ESCAPES}(?:{_RESUMED}{_ESCAPES})*+|(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*+')
    | (?P<quoted>(?:[uU]&)?"(?:[^"]|"")*+")
    | (?P<word>[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_$\x80-\U0010ffff]*+)
    | (?P<semicolon>;)
    | (?P<line_comment>--[^\n\r]*+)
    | (?P<block_comment>/\*)
    | (?P<number>0[xXoObB][0-9a-fA-F_]++
        |(?:[0-9][0-9_]*+(?:\.(?!\.)[0-9_]*+)?|\.[0-9][0-9_]*+)(?:[eE][+-]?[0-9]++)?)
    | (?P<dollar>\$(?:[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*+)?\$)
    | (?P<parameter>\$[0-9]++)
    | (?P<operator>(?:(?!--|/\*)[~!@\#^&|`?+\-*/%<>=])++)
    | (?P<meta>\\[^\n\r]*+)
    | (?P<bad>['"])
    | (?P<punct>.)
    """.replace("--", r"-\-"),
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_COPY_END = re.compile(r"^\\\.[ \t]*(?=\r?$)", re.MULTILINE)


def tokens(text: str) -> tuple[Token, ...]:
    """Return every token of `text`, none left out: their texts join back to it."""
    return tuple(scan(text))


def scan(text: str, at: int = 0) -> Iterator[Token]:
    """Yield the tokens of `text` from the offset `at` on, one by one."""
    statement: list[Token] = []
    copies = True
    while at < len(text):
        kind, end = _next(text, at)
        token = Token(kind, text[at:end], at)
        yield token
        at = end
        if kind != "semicolon":
            statement.append(token)
            continue
        if copies and _copies_from_stdin(statement):
            data = _COPY_END.search(text, at)
            copies = data is not None  # so that a text without such an end is searched once
            if data is not None:
                yield Token("copy_data", text[at : data.end()], at)
                at = data.end()
        statement = []


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


def _next(text: str, at: int) -> tuple[str, int]:
    """Return kind and end of the token that starts at `at`."""
    match = _TOKEN.match(text, at)
    assert match is not None  # noqa: S101 - the last alternative takes any character
    kind, end = str(match.lastgroup), match.end()
    if kind == "block_comment":
        end = _comment_end(text, at)
    elif kind == "dollar":
        closing = text.find(match[0], end)
        end = -1 if closing < 0 else closing + len(match[0])
    elif kind == "bad":
        end = -1
    return ("bad", len(text)) if end < 0 else (kind, end)


def _comment_end(text: str, at: int) -> int:
    """Return the offset behind a block comment, which may hold others; -1 when it never ends."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, at):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    return -1


def _copies_from_stdin(statement: Sequence[Token]) -> bool:
    """Tell whether these tokens are a COPY that psql would feed from the lines below it."""
    words = (token.text.lower() for token in statement if token.kind not in TRIVIA)
    if next(words, "") != "copy":
        return False
    return ("from", "stdin") in pairwise(words)
