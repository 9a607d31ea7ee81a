"""How a statement is put together from the texts of a snapshot, and these taken apart."""

import re
from collections.abc import Iterator

from migrate_hooks.schema.remedy import literal
from migrate_hooks.sql.forms import quoted
from migrate_hooks.sql.lexer import TRIVIA, scan

_NAME = r'(?:"(?:[^"]|"")*"|[^\s".(]+)'
_ROUTINE = re.compile(rf"((?:{_NAME}\.)?{_NAME})(\(.*\))", re.DOTALL)
_STATISTICS = re.compile(rf"CREATE STATISTICS ((?:{_NAME}\.)?{_NAME})")
_OPTION = re.compile(r"(?:\A|, )(?=[A-Za-z_][\w.]*=)")
_DONE = re.compile(
    r"^ *(?:SELECT pg_catalog\.format\(E?')?((?:ALTER|CREATE|DROP|GRANT|REVOKE) .*?)"
    r"(?:;|', pg_catalog\.pg_get_userbyid\(datdba\)\))?$",
    re.MULTILINE,
)
_DEPTH = {"(": 1, "[": 1, ")": -1, "]": -1}


def qualified(*names: str) -> str:
    """Return names as SQL writes them, joined by dots."""
    return ".".join(map(quoted, names))


def listed(text: str) -> tuple[str, ...]:
    """Return the members of a list, which commas part outside of quotes and brackets."""
    return tuple(_parted(text)) if text else ()


def _parted(text: str) -> Iterator[str]:
    depth, start = 0, 0
    for token in scan(text):
        depth += _DEPTH.get(token.text, 0)
        if token.text == "," and depth == 0:
            yield text[start : token.start].strip()
            start = token.end
    yield text[start:].strip()


def at_word(text: str, word: str) -> tuple[str, str]:
    """Return what is before a word outside of quotes and brackets, and what is behind it."""
    depth = 0
    for token in scan(text):
        depth += _DEPTH.get(token.text, 0)
        if token.kind == "word" and token.text == word and depth == 0:
            return text[: token.start].rstrip(), text[token.end :].lstrip()
    return text, ""


def headed(text: str) -> tuple[str, str]:
    """Return the name at the start of a text, as SQL writes it, and what is behind it."""
    first = next(token for token in scan(text) if token.kind not in TRIVIA)
    return first.text, text[first.end :].strip()


def routine(signature: str) -> tuple[str, str]:
    """Return name and argument list of `app.f(integer,text)`, or of an operator so written."""
    found = _ROUTINE.fullmatch(signature)
    return (found[1], found[2]) if found else (signature, "")


def statistics(definition: str) -> str:
    """Return the name of a statistics object, whose schema need not be that of the table."""
    found = _STATISTICS.match(definition)
    return found[1] if found else ""


def operator(signature: str) -> str:
    """Return an operator's name with its schema, also where the server leaves out its own."""
    name, _ = routine(signature)
    return name if name[0].isalpha() or name[0] in '_"' else f"pg_catalog.{name}"


def options(text: str) -> dict[str, str]:
    """Return the options of `host=here, port=5432`."""
    pairs = (part.partition("=") for part in _OPTION.split(text) if part)
    return {name: value for name, _, value in pairs}


def dollar(body: str) -> str:
    """Return a text in dollar quotes that do not occur in it.

    Carriage returns take a literal: a file of another system would lose them.
    """
    if "\r" in body:
        return literal(body)
    for number in range(len(body) + 2):
        tag = f"$body{number}$" if number > 1 else ("$$", "$body$")[number]
        if (body + tag).find(tag) == len(body):
            return f"{tag}{body}{tag}"
    raise AssertionError("more tags than characters cannot all occur")


def unless(condition: str, statement: str) -> str:
    """Return SQL that runs a statement, and takes it for done where it fails by `condition`.

    For what the grammar has no IF EXISTS or IF NOT EXISTS for, and DROP would break what uses it.
    """
    body = f"\nBEGIN\n    {statement};\nEXCEPTION WHEN {condition} THEN\n    NULL;\nEND "
    return f"DO {dollar(body)}"


def headline(sql: str) -> str:
    """Return the first line of a statement, and of a DO block that of what stands in it."""
    found = _DONE.search(sql) if sql.startswith("DO ") else None
    first, _, rest = sql.partition("\n")
    if found:
        return found[1]
    return f"{first} …" if rest else first
