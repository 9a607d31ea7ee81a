"""What the server's own parser says about SQL: is it right, and which objects does it name.

The only user of libpg_query; its binding is imported late because that costs more than most runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from migrate_hooks.sql import objects
from migrate_hooks.sql.lexer import locator
from migrate_hooks.sql.objects import Name
from migrate_hooks.sql.split import statements

__all__ = ["Name", "Names", "SyntaxProblem", "names", "syntax_problem"]


_NEAR = 80
"""Characters of the text that the parser stumbled over; enough to find it."""


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """The server's message, and the place in the text where it stopped reading, from 1."""

    message: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Names:
    """Which objects some statements are about.

    `created` come into being (a new name or a new schema counts); `touched` are altered, dropped,
    granted or commented, or get an index, trigger, policy or rule; `referenced` are read, written
    or pointed at by a key. Kinds are table, view, materialized view, index, sequence, function,
    aggregate, type, domain, trigger, policy, rule, constraint, column, schema and extension. What
    kind of relation a query reads is not in its words, so it counts as a table. Bodies in other
    languages (PL/pgSQL, DO) are not looked into.
    """

    created: frozenset[Name]
    touched: frozenset[Name]
    referenced: frozenset[Name]


def syntax_problem(text: str) -> SyntaxProblem | None:
    """Return what the server's parser would refuse first in `text`, or None."""
    import postgast

    locate = locator(text)
    if "\0" in text:  # the parser would stop there and call the rest fine
        return SyntaxProblem("invalid NUL character", *locate(text.index("\0")))
    try:
        postgast.split(_readable(text))
    except postgast.PgQueryError as wrong:
        return SyntaxProblem(_short(wrong.message), *locate(max(wrong.cursorpos - 1, 0)))
    return None


def _short(message: str) -> str:
    """Return a message whose "at or near" is not everything behind a quote that never ends."""
    head, near, rest = message.partition(' at or near "')
    return message if len(rest) <= _NEAR else f'{head}{near}{rest[:_NEAR]}…"'


@lru_cache(maxsize=4096)  # a statement is asked about more than once, each time by another rule
def names(text: str) -> Names | None:
    """Return the objects that `text` names, or None when it does not parse.

    A statement nested so deeply that its tree cannot be decoded is left out.
    """
    if syntax_problem(text):
        return None
    found = {"created": set[Name](), "touched": set[Name](), "referenced": set[Name]()}
    for kind, node in _trees(text):
        own: set[tuple[str, str]] = set()
        for role, name in objects.named(kind, node):
            found[role].add(name)
            own.add(name[1:])
        found["referenced"] |= {name for name in objects.mentioned(node) if name[1:] not in own}
    return Names(**{role: frozenset(members) for role, members in found.items()})


def _readable(text: str) -> str:
    """Return `text` with a byte order mark as a space: the server would take it for a letter."""
    return " " + text[1:] if text.startswith("\ufeff") else text


def _trees(text: str) -> Iterator[tuple[str, Any]]:
    """Yield (kind, parse tree) of each statement."""
    import postgast
    from google.protobuf.message import DecodeError

    for statement in statements(text):
        try:
            parsed = postgast.parse(statement.text)
        except DecodeError:
            continue
        for raw in parsed.stmts:
            yield objects.unwrapped(raw.stmt)
