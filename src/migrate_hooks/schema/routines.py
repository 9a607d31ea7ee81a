"""The statement that makes a function or procedure as a snapshot describes it."""

import re
from collections.abc import Iterator

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import literal, quoted, value
from migrate_hooks.schema.spelling import at_word, dollar, listed, qualified, routine

# A comma ends a setting only where another one begins behind it, and never inside of quotes.
_SETTING = re.compile(r'(?:"[^"]*"|,(?! [A-Za-z_][\w.]*=)|[^",])+')
_BARE = re.compile(r"[A-Za-z_][\w.]*")
_LISTS = frozenset(
    {
        "local_preload_libraries",
        "search_path",
        "session_preload_libraries",
        "shared_preload_libraries",
        "temp_tablespaces",
        "unix_socket_directories",
    }
)
"""Settings that are lists of names and keep the quotes that these need."""

_COMPILED = frozenset({"c", "internal"})


def word(one: SchemaObject) -> str:
    """Return FUNCTION or PROCEDURE."""
    return "PROCEDURE" if value(one, "kind") == "procedure" else "FUNCTION"


def definition(one: SchemaObject) -> str:
    """Return CREATE OR REPLACE with everything that is known of the function."""
    name = qualified(*one.identity[:2])
    lines = (
        f"CREATE OR REPLACE {word(one)} {name}({value(one, 'parameters')})",
        *_about_results(one),
        f"LANGUAGE {quoted(value(one, 'language'))}",
        *_about_calls(one),
        *(f"SET {each}" for each in _settings(value(one, "config"))),
        _body(one),
    )
    return "\n".join(lines)


def _about_results(one: SchemaObject) -> Iterator[str]:
    if word(one) == "FUNCTION":
        yield f"RETURNS {value(one, 'returns')}"


def _about_calls(one: SchemaObject) -> Iterator[str]:
    """Yield what differs from what CREATE says when nothing is said; a procedure knows less."""
    if value(one, "kind") == "window function":
        yield "WINDOW"
    yield from _unless("volatile", value(one, "volatility"))
    if value(one, "strict") == "true":
        yield "STRICT"
    if value(one, "security") == "definer":
        yield "SECURITY DEFINER"
    if value(one, "leakproof") == "true":
        yield "LEAKPROOF"
    yield from _unless("unsafe", value(one, "parallel"), "PARALLEL ")
    if word(one) == "FUNCTION":
        usual = "1" if value(one, "language") in _COMPILED else "100"
        yield from _unless(usual, value(one, "cost"), "COST ")
        yield from _unless(_usual_rows(one), value(one, "rows"), "ROWS ")
    if value(one, "support"):
        yield f"SUPPORT {routine(value(one, 'support'))[0]}"


def _unless(usual: str, found: str, before: str = "") -> Iterator[str]:
    if found not in ("", usual):
        yield f"{before}{found.upper()}"


def _usual_rows(one: SchemaObject) -> str:
    return "1000" if value(one, "returns").startswith(("SETOF ", "TABLE(")) else "0"


def _settings(config: str) -> Iterator[str]:
    for found in _SETTING.findall(config):
        name, _, text = found.strip(", ").partition("=")
        shown = name if _BARE.fullmatch(name) else quoted(name)
        if name in _LISTS:
            names = (each if each != '""' else "''" for each in listed(text))
            yield f"{shown} TO {', '.join(names)}"
        else:
            yield f"{shown} TO {literal(text)}"


def _body(one: SchemaObject) -> str:
    body, language = value(one, "body"), value(one, "language")
    if language == "c":
        return f"AS {literal(value(one, 'library'))}, {literal(body)}"
    # The server writes a parsed body in one of these two ways; no text of SQL starts so.
    if language == "sql" and body.startswith(("BEGIN ATOMIC", "RETURN ")):
        return body
    return f"AS {dollar(body)}"


def can_be_replaced(have: SchemaObject, want: SchemaObject) -> bool:
    """Return whether CREATE OR REPLACE turns one into the other.

    It refuses another result, other names of parameters, and a default that is there no more.
    """
    if any(value(have, name) != value(want, name) for name in ("kind", "returns")):
        return False
    old = [at_word(each, "DEFAULT") for each in listed(value(have, "parameters"))]
    new = [at_word(each, "DEFAULT") for each in listed(value(want, "parameters"))]
    same = [head for head, _ in old] == [head for head, _ in new]
    return same and all(
        bool(after) >= bool(before) for (_, before), (_, after) in zip(old, new, strict=True)
    )
