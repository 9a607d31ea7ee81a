"""Text search configurations."""

from collections.abc import Iterator, Mapping

from migrate_hooks.model.schema import SchemaObject
from migrate_hooks.schema.remedy import Piece, Remedy, World, value
from migrate_hooks.schema.spelling import listed, qualified, unless

_DEFAULT_PARSER = 'pg_catalog."default"'
_TOKENS = (
    "asciiword", "word", "numword", "email", "url", "host", "sfloat", "version",
    "hword_numpart", "hword_part", "hword_asciipart", "blank", "tag", "protocol",
    "numhword", "asciihword", "hword", "url_path", "file", "float", "int", "uint", "entity",
)  # fmt: skip
"""What the default parser calls its types of token, the first of which has the number 1."""


def _create(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    name = qualified(*one.identity)
    sql = f"CREATE TEXT SEARCH CONFIGURATION {name} (PARSER = {value(one, 'parser')})"
    return (Piece(unless("unique_violation", sql)), *_changes(one, {}))


def _drop(one: SchemaObject, _world: World) -> tuple[Piece, ...]:
    return (Piece(f"DROP TEXT SEARCH CONFIGURATION IF EXISTS {qualified(*one.identity)}"),)


def _alter(have: SchemaObject, want: SchemaObject, _world: World) -> tuple[Piece, ...] | None:
    if value(have, "parser") != value(want, "parser"):
        return None
    return tuple(_changes(want, _mappings(have)))


def _mappings(one: SchemaObject) -> dict[str, str]:
    """Return {number of a type of token: dictionaries as SQL writes them}."""
    found: dict[str, list[str]] = {}
    for each in listed(value(one, "mappings")):
        number, _, dictionary = each.partition(": ")
        found.setdefault(number, []).append(dictionary)
    return {number: ", ".join(names) for number, names in found.items()}


def _changes(one: SchemaObject, old: Mapping[str, str]) -> Iterator[Piece]:
    """Yield what gives types of token to other dictionaries, those that are alike at once."""
    new, altered = _mappings(one), f"ALTER TEXT SEARCH CONFIGURATION {qualified(*one.identity)}"
    gone = [number for number in old if number not in new]
    if gone:
        yield _about(one, f"{altered} DROP MAPPING IF EXISTS FOR {_tokens(gone)}")
    by_names: dict[str, list[str]] = {}
    for number, names in new.items():
        if old.get(number) != names:
            by_names.setdefault(names, []).append(number)
    for names, numbers in by_names.items():
        yield _about(one, f"{altered} ALTER MAPPING FOR {_tokens(numbers)} WITH {names}")


def _tokens(numbers: list[str]) -> str:
    return ", ".join(
        _TOKENS[int(number) - 1] if int(number) <= len(_TOKENS) else number for number in numbers
    )


def _about(one: SchemaObject, sql: str) -> Piece:
    parser = value(one, "parser")
    if parser == _DEFAULT_PARSER:
        return Piece(sql)
    return Piece(sql, reason=f"what {parser} calls its types of token is only known to itself")


REMEDY = Remedy("text search configuration", _create, _drop, _alter)
