"""Read the SQL that stands in comments: a DOWN that its own tool must not run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from migrate_hooks.model.migration import Statement
from migrate_hooks.sql.lexer import Span, Token, alone, locator, scan, tokens
from migrate_hooks.sql.split import levels, statements

_LEADER = re.compile(r"--[ \t]?")
_QUIET = re.compile(r"(?:[ \t\n\r]|--[^\n]*)*+")
# How a statement starts and a sentence hardly does: "Drop the table by hand" is prose.
_SQL = re.compile(
    r"""(?:
      (?:CREATE|ALTER|DROP)\s+(?:(?:OR\s+REPLACE|UNIQUE|TEMP|TEMPORARY|UNLOGGED|LOCAL|GLOBAL
        |RECURSIVE|CONSTRAINT|TRUSTED|PROCEDURAL|DEFAULT|EVENT|FOREIGN|MATERIALIZED|USER|TEXT
        |ACCESS|LARGE|OPERATOR)\s+)*
        (?:ACCESS|AGGREGATE|CAST|COLLATION|CONVERSION|DATABASE|DATA|DOMAIN|EXTENSION|FUNCTION|GROUP
        |INDEX|LANGUAGE|MAPPING|METHOD|OBJECT|OPERATOR|OWNED|POLICY|PRIVILEGES|PROCEDURE
        |PUBLICATION|ROLE|ROUTINE|RULE|SCHEMA|SEARCH|SEQUENCE|SERVER|STATISTICS|SUBSCRIPTION|SYSTEM
        |TABLE|TABLESPACE|TRANSFORM|TRIGGER|TYPE|USER|VIEW|CLASS|FAMILY)\b
    | (?:INSERT|MERGE)\s+INTO\b | DELETE\s+FROM\b | COMMENT\s+ON\b | REASSIGN\s+OWNED\b
    | UPDATE\s+(?:ONLY\s+)?[\w."$]+\s+(?:AS\s+)?(?:\w+\s+)?SET\b | TRUNCATE\b
    | REFRESH\s+MATERIALIZED\b | REINDEX\b | VACUUM\b | ANALYZE\b | CLUSTER\b | LOCK\s+TABLE\b
    | (?:GRANT|REVOKE)\b | SECURITY\s+LABEL\b | IMPORT\s+FOREIGN\b | DISCARD\b | COPY\b
    | DO\s*(?:\$|'|LANGUAGE\b) | CALL\s+[\w."$]+\s*\( | EXECUTE\b | VALUES\s*\(
    | WITH\s+(?:RECURSIVE\s+)?[\w"]+\s*(?:\(|AS\b) | (?:SELECT|RESET|NOTIFY|SAVEPOINT)\b
    | SET\s+(?:(?:LOCAL|SESSION)\s+)?(?:[\w."]+\s*(?:=|TO\b)|ROLE\b|CONSTRAINTS\b|TIME\b)
    | (?:BEGIN|COMMIT|ROLLBACK|END|START\s+TRANSACTION)\s*(?:;|WORK\b|TRANSACTION\b)
    )""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Revived:
    """SQL taken out of comments: `text` keeps the file's line numbers, prose and code are left out.

    `indents` says for each line, from 1, how many characters stood before its SQL in the file.
    """

    text: str
    indents: tuple[tuple[int, int], ...]


def revive(text: str, span: Span) -> Revived:
    """Return the SQL in the comments of one span, without one level of comment marks.

    A comment counts when it stands alone on its lines; so does a block comment's content.
    Lines that do not start a statement are prose and stay out, up to the next one that does.
    """
    rows = {line: (content, indent) for line, indent, content in _rows(text, span)}
    last = max(rows, default=0)
    body = "\n".join(rows.get(line, ("", 0))[0] for line in range(1, last + 1))
    indents = tuple((line, indent) for line, (_, indent) in rows.items())
    return Revived(_without_prose(body), indents)


def revived_statements(revived: Revived) -> tuple[Statement, ...]:
    """Return the statements of `revived`, with the lines and columns of the file."""
    indents = dict(revived.indents)
    return tuple(
        replace(found, column=found.column + indents.get(found.line, 0))
        for found in statements(revived.text)
    )


def _rows(text: str, span: Span) -> Iterator[tuple[int, int, str]]:
    """Yield (line, characters before the content, content) for every line of a comment."""
    locate = locator(text)
    before: Token | None = None
    for token, inside in levels(tokens(text[span.start : span.end])):
        if not inside and alone(token, before):
            line, column = locate(span.start + token.start)
            yield from _content(token, line, column)
        before = token


def _content(token: Token, line: int, column: int) -> Iterator[tuple[int, int, str]]:
    if token.kind == "line_comment":
        leader = _LEADER.match(token.text)
        indent = leader.end() if leader else 0
        yield line, column - 1 + indent, token.text[indent:]
    elif token.kind == "block_comment":
        first, *rest = token.text[2:-2].split("\n")
        yield line, column + 1, first.rstrip("\r")
        for offset, content in enumerate(rest, 1):
            yield line + offset, 0, content.rstrip("\r")


def _without_prose(body: str) -> str:
    """Return `body` with blanks for everything that belongs to no statement."""
    kept: list[str] = []
    at = 0
    while at < len(body):
        quiet = _QUIET.match(body, at)
        start = quiet.end() if quiet else at
        is_sql = _SQL.match(body, start)
        end = _end_of_statement(body, start) if is_sql else _end_of_line(body, start)
        kept += [_spaces(body[at:start]), body[start:end] if is_sql else _spaces(body[start:end])]
        at = end
    return "".join(kept)


def _end_of_statement(body: str, start: int) -> int:
    for token, inside in levels(scan(body, start)):
        if token.kind == "semicolon" and not inside:
            return token.end
    return len(body)


def _end_of_line(body: str, start: int) -> int:
    end = body.find("\n", start)
    return len(body) if end < 0 else end


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
