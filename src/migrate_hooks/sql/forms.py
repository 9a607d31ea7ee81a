"""What a parse tree does not say: where forms of ALTER TABLE begin, how a name is written."""

import re
from collections.abc import Iterator, Sequence

from migrate_hooks.sql.keywords import NEED_QUOTES
from migrate_hooks.sql.lexer import TRIVIA, Token, tokens

_BEFORE_NAME = frozenset(
    {"alter", "foreign", "table", "index", "view", "materialized", "sequence", "type"}
    | {"if", "exists", "only"}
)

_PLAIN = re.compile(r"[a-z_\x80-\U0010ffff][\w$]*")


def quoted(name: str) -> str:
    """Return a name as SQL needs it: quoted where it would mean something else bare."""
    plain = _PLAIN.fullmatch(name) and name == name.lower() and name not in NEED_QUOTES
    escaped = name.replace('"', '""')
    return name if plain or not name else f'"{escaped}"'


def starts(sql: str) -> tuple[int, ...]:
    """Return the offset of each form in `ALTER TABLE name form, form`, in characters."""
    if "\n" not in sql:
        return ()  # all of them are in one line, where the statement itself is
    found = [one for one in tokens(sql) if one.kind not in TRIVIA]
    return tuple(_starts(found[_behind_name(found) :]))


def _starts(found: Sequence[Token]) -> Iterator[int]:
    depth, is_start = 0, True
    for one in found:
        if is_start:
            yield one.start
        depth += (one.text in ("(", "[")) - (one.text in (")", "]"))
        is_start = one.text == "," and depth == 0


def _behind_name(found: Sequence[Token]) -> int:
    """Return the number of the first token behind the table's name."""
    at = 0
    while at < len(found) and found[at].text.lower() in _BEFORE_NAME:
        at += 1
    at += 1
    while at < len(found) and found[at].text == ".":
        at += 2
    return at + (at < len(found) and found[at].text == "*")
