"""What the engines' own configuration of a repository switches off, for whoever asks with -v."""

import tomllib
from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error

from migrate_hooks.model.finding import FilePlace, Finding, Severity

CODE = "lint/switched-off"

_SQUAWK = {
    "excluded_rules": "leaves out squawk's {}: they are not reported here.",
    "excluded_paths": "hides {} from squawk: it says nothing about these files.",
}
_SQLFLUFF = {
    "exclude_rules": "leaves out sqlfluff's {}: they are not reported here.",
    "rules": "judges only by sqlfluff's {}: no other style is reported here.",
}


def of_squawk(path: str, text: str) -> Iterator[Finding]:
    """Yield a finding for each list in a `.squawk.toml` that leaves something out."""
    try:
        table: Mapping[str, object] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return  # squawk itself refuses it, in its own words
    for key, sentence in _SQUAWK.items():
        listed = table.get(key)
        if isinstance(listed, list) and listed:
            named = ", ".join(map(str, listed))
            yield _finding(path, text, key, sentence.format(named))


def of_sqlfluff(path: str, text: str) -> Iterator[Finding]:
    """Yield a finding for each key in a `.sqlfluff` that decides which rules are in force."""
    parser = ConfigParser(delimiters="=", interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except Error:
        return  # sqlfluff itself refuses it, in its own words
    for key, sentence in _SQLFLUFF.items():
        named = parser.get("sqlfluff", key, fallback="").replace("\n", " ").strip(" ,")
        if named and named.lower() != "none":
            yield _finding(path, text, key, sentence.format(named))


def _finding(path: str, text: str, key: str, what: str) -> Finding:
    rows = enumerate(text.split("\n"), 1)
    line = next((number for number, row in rows if row.partition("=")[0].strip() == key), 1)
    return Finding(
        CODE,
        Severity.INFO,
        f"{path} {what}",
        FilePlace(path, line),
        f"Change {key} there if that is not meant any more.",
    )
