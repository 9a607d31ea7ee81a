"""Cut SQL text into statements that know where they stand in their file."""

import re
from collections.abc import Iterable, Iterator

from migrate_hooks.model.migration import Statement
from migrate_hooks.sql.classify import classify
from migrate_hooks.sql.lexer import TRIVIA, Span, Token, locator, scan, significant, tokens

__all__ = ["Span", "Token", "levels", "pieces", "significant", "statements", "tokens", "unwrap"]

_ENDS = frozenset({"semicolon", "meta"})
_PARENS = {"(": 1, ")": -1}
_HEAD = 4  # words: CREATE OR REPLACE FUNCTION
_PAIR = 2
_OPENS = re.compile(r"(?:BEGIN|START)(?:\s+(?:WORK|TRANSACTION))?", re.IGNORECASE)
_CLOSES = re.compile(r"(?:COMMIT|END)(?:\s+(?:WORK|TRANSACTION))?", re.IGNORECASE)
_CONTROL = frozenset({"BEGIN", "COMMIT", "ROLLBACK", "PREPARE TRANSACTION"})


def statements(text: str, span: Span | None = None) -> tuple[Statement, ...]:
    """Return the statements of `text`, or of one span of it; lines are those of the whole text.

    A statement carries neither its terminator nor the comments around it. A psql meta-command
    is a statement of its own with the verb "\\"; the data of a COPY … FROM stdin stays with it.
    """
    return tuple(statement for statement, _ in pieces(text, span))


def pieces(text: str, span: Span | None = None) -> tuple[tuple[Statement, Span], ...]:
    """Return each statement with its offsets in the whole text, the terminator left out."""
    start, end = (span.start, span.end) if span else (0, len(text))
    locate = locator(text)
    return tuple(
        (
            _statement(group, text, start, locate(start + group[0].start)),
            Span(start + group[0].start, start + group[-1].end),
        )
        for group in _groups(scan(text[start:end]))
    )


def unwrap(found: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """Return the statements without the plain BEGIN and COMMIT around them, if they have such.

    A BEGIN that asks for more than a transaction stays, and so does a pair with others inside it.
    """
    if len(found) < _PAIR or not (
        _OPENS.fullmatch(found[0].text) and _CLOSES.fullmatch(found[-1].text)
    ):
        return found
    inner = found[1:-1]
    return found if any(each.verb in _CONTROL for each in inner) else inner


def levels(found: Iterable[Token]) -> Iterator[tuple[Token, bool]]:
    """Yield each token with whether it stands inside parentheses or a BEGIN ATOMIC body.

    A semicolon is inside only where the server takes it so: in such a body and in the
    parentheses of a rule. Anywhere else it ends the statement, however broken that is.
    """
    head: list[str] = []
    parens = blocks = 0
    before = ""
    for token in found:
        kind = token.kind
        if kind in TRIVIA:
            yield token, parens > 0 or blocks > 0
            continue
        word = token.text.lower() if kind == "word" else token.text
        if kind == "word":
            if len(head) < _HEAD:
                head.append(word)
            blocks += _opens(word, before, blocks, head)
        elif kind == "punct":
            parens = max(parens + _PARENS.get(word, 0), 0)
        before = word
        whole = blocks > 0 or (parens > 0 and _is_rule(head))
        inside = whole if kind == "semicolon" else kind != "meta" and (blocks > 0 or parens > 0)
        if kind in _ENDS and not inside:
            head, parens, blocks = [], 0, 0
        yield token, inside


def _opens(word: str, before: str, blocks: int, head: list[str]) -> int:
    """Return +1 where a block of a SQL-standard body starts, -1 where one ends, else 0."""
    if blocks == 0:
        return int(word == "atomic" and before == "begin" and _is_routine(head))
    if before in {"as", "."}:
        return 0
    return {"case": 1, "end": -1}.get(word, 0)


def _is_routine(head: list[str]) -> bool:
    return head[0] == "create" and not {"function", "procedure"}.isdisjoint(head)


def _is_rule(head: list[str]) -> bool:
    return head[:1] == ["create"] and "rule" in head


def _groups(found: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield the significant tokens of each statement, terminators left out."""
    group: list[Token] = []
    closed = False
    for token, inside in levels(found):
        kind = token.kind
        if kind in TRIVIA:
            continue
        if group and (kind == "meta" or (closed and kind != "copy_data")):
            yield group
            group = []
        closed = kind == "copy_data" or (kind in _ENDS and not inside)
        if kind != "semicolon" or inside:
            group.append(token)
    if group:
        yield group


def _statement(group: list[Token], text: str, base: int, place: tuple[int, int]) -> Statement:
    verb, target, transactional = classify(group)
    body = text[base + group[0].start : base + group[-1].end]
    return Statement(body, place[0], place[1], verb, target, transactional)
