"""The plain SQL inside a DO block, which runs like any other statement of the file."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from json import JSONDecodeError
from typing import Any

from migrate_hooks.model.migration import Statement
from migrate_hooks.sql.lexer import significant, tokens
from migrate_hooks.sql.split import statements

_CHANGES = ("ALTER", "CREATE", "DROP", "TRUNCATE")
_BODY = re.compile(r"\$\w*\$|'")
_STATIC = "PLpgSQL_stmt_execsql"
_DYNAMIC = "PLpgSQL_stmt_dynexecute"
_ENDS = frozenset({"PLpgSQL_stmt_commit", "PLpgSQL_stmt_rollback"})


def inner(block: Statement) -> tuple[Statement, ...]:
    """Return the SQL statements of a PL/pgSQL DO block, with the lines of the file.

    EXECUTE of one plain string counts, too; what it puts together is not known before it runs, and
    a block in another language or with an error in it gives nothing. Columns are those of the
    statement's own line where it starts one, else 1.
    """
    first = _first_line(block)
    return tuple(
        _in_file(each, block, first + line - 1)
        for line, sql in _queries(block)
        for each in statements(sql or "")
    )


@lru_cache(maxsize=64)  # every finding of an engine asks for the statements again
def opened(text: str, found: tuple[Statement, ...]) -> tuple[str, tuple[Statement, ...]]:
    """Return a text in which the plain DDL of DO blocks stands alone, and its statements in order.

    Every other character of a block becomes a space, so size, lines and columns stay. A statement
    that does not stand in the text word for word (in EXECUTE, with quotes doubled) is left out.
    """
    shown: list[Statement] = []
    for one in found:
        placed = _placed(text, one) if one.verb == "DO" else []
        start = _offset(text, one) if placed else None
        if start is None:
            shown.append(one)
        else:
            text = _blanked(text, start, start + len(one.text), placed)
            shown += [each for each, _ in placed]
    return text, tuple(shown)


def _placed(text: str, block: Statement) -> list[tuple[Statement, int]]:
    """Return the changes that a block makes to the schema, with their offsets in the text."""
    changes = (each for each in inner(block) if each.verb.startswith(_CHANGES))
    return [(each, at) for each in changes if (at := _offset(text, each)) is not None]


def _offset(text: str, one: Statement) -> int | None:
    """Return where a statement stands in the text, or None if it does not stand there."""
    rows = text.split("\n", one.line - 1)
    start = len(text) - len(rows[-1]) + one.column - 1
    return start if text.startswith(one.text, start) else None


def _blanked(text: str, start: int, end: int, kept: Sequence[tuple[Statement, int]]) -> str:
    block = "".join(" " if letter not in "\r\n" else letter for letter in text[start:end])
    for one, at in kept:
        behind = at + len(one.text)
        block = block[: at - start] + one.text + ";" + block[behind + 1 - start :]
    return text[:start] + block + text[end:]


def is_read(block: Statement) -> bool:
    """Return whether the parser can read a DO block; types of other schemas are beyond it."""
    return bool(_tree(block.text))


def builds(block: Statement) -> bool:
    """Return whether a DO block runs text that it puts together, or one that cannot be read."""
    return not is_read(block) or any(sql is None for _, sql in _queries(block))


def commits(block: Statement) -> bool:
    """Return whether a DO block ends transactions itself, as a loop over batches does."""
    return any(name in _ENDS for name, _ in _nodes(_tree(block.text)))


def _queries(block: Statement) -> Iterator[tuple[int, str | None]]:
    """Yield (line of the body, SQL or None where it is only known at run time)."""
    for name, body in _nodes(_tree(block.text)):
        if name == _STATIC:
            yield body.get("lineno", 1), body["sqlstmt"]["PLpgSQL_expr"]["query"]
        elif name == _DYNAMIC:
            yield body.get("lineno", 1), _plain(body["query"]["PLpgSQL_expr"]["query"])


def _plain(expression: str) -> str | None:
    """Return the text of an expression that is one plain string."""
    found = significant(tokens(expression))
    if len(found) != 1 or found[0].kind not in ("string", "dollar"):
        return None
    text = found[0].text
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    mark = text[: text.index("$", 1) + 1] if text.startswith("$") else None
    return None if mark is None else text.removeprefix(mark).removesuffix(mark)


@lru_cache(maxsize=256)  # several questions are about one block
def _tree(text: str) -> Any:
    import postgast

    try:
        return postgast.parse_plpgsql(text)
    except (postgast.PgQueryError, JSONDecodeError):  # it cannot write down every tree it reads
        return []


def _nodes(tree: Any) -> Iterator[tuple[str, Any]]:
    """Yield (name, content) of every node, in the order of the text."""
    if isinstance(tree, list):
        for each in tree:
            yield from _nodes(each)
    elif isinstance(tree, dict):
        for name, content in tree.items():
            if isinstance(content, dict):
                yield name, content
            yield from _nodes(content)


def _first_line(block: Statement) -> int:
    """Return the line of the file where the body starts; PL/pgSQL counts from there."""
    found = _BODY.search(block.text)
    return block.line + block.text.count("\n", 0, found.start() if found else 0)


def _in_file(found: Statement, block: Statement, line: int) -> Statement:
    offset = line - block.line
    rows = block.text.split("\n")
    row = rows[offset] if 0 <= offset < len(rows) else ""
    start = row.find(found.text.partition("\n")[0])
    before = block.column if offset == 0 else 1
    return Statement(
        found.text, line, max(start, 0) + before, found.verb, found.target, found.transactional
    )
