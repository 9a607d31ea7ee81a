"""Cut SQL text into statements that know where they stand in their file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrate_hooks.model.migration import Statement
from migrate_hooks.sql.classify import classify
from migrate_hooks.sql.lexer import TRIVIA, Token, locator, significant, tokens

__all__ = ["Span", "Token", "levels", "significant", "statements", "tokens"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: offsets in characters, `end` not included."""

    start: int
    end: int


def statements(text: str, span: Span | None = None) -> tuple[Statement, ...]:
    """Return the statements of `text`, or of one span of it; lines are those of the whole text.

    A statement carries neither its terminator nor the comments around it. A psql meta-command
    is a statement of its own with the verb "\\"; the data of a COPY … FROM stdin stays with it.
    """
    start, end = (span.start, span.end) if span else (0, len(text))
    locate = locator(text)
    return tuple(
        _statement(group, text, start, locate(start + group[0].start))
        for group in _groups(tokens(text[start:end]))
    )


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
        word = token.text.lower() if kind in _WORDS else token.text
        if kind == "word":
            if len(head) < _HEAD:
                head.append(word)
            blocks += _opens(word, before, blocks, head)
        elif kind == "punct":
            parens = max(parens + _PARENS.get(word, 0), 0)
        before = word
        inside = blocks > 0 or (parens > 0 and (kind != "semicolon" or _is_rule(head)))
        if kind in _ENDS and not inside:
            head, parens, blocks = [], 0, 0
        yield token, inside


_WORDS = frozenset({"word"})
_ENDS = frozenset({"semicolon", "meta"})
_PARENS = {"(": 1, ")": -1}
_HEAD = 4  # create or replace function


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


def _groups(found: tuple[Token, ...]) -> list[list[Token]]:
    """Return the significant tokens of each statement, terminators left out."""
    groups: list[list[Token]] = [[]]
    for token, inside in levels(found):
        if token.kind in TRIVIA:
            continue
        if token.kind == "copy_data":
            groups[-2].append(token)
        elif token.kind == "meta" and not inside:
            groups += [[token], []]
        elif token.kind == "semicolon" and not inside:
            groups.append([])
        else:
            groups[-1].append(token)
    return [group for group in groups if group]


def _statement(group: list[Token], text: str, base: int, place: tuple[int, int]) -> Statement:
    verb, target, transactional = classify(group)
    body = text[base + group[0].start : base + group[-1].end]
    return Statement(body, place[0], place[1], verb, target, transactional)
