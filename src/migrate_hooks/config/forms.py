"""How values of the configuration are written: each form turns one into a value of ours.

What cannot be one raises ValueError with what it must be, as the end of a sentence.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import TypeGuard

from migrate_hooks.model.environment import Databases
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.settings import Ignore


def text(value: object) -> str:
    """Read a text that says something."""
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("a text that is not empty")
    return value


def maybe_empty(value: object) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise ValueError("a text")
    return value


def flag(value: object) -> bool:
    """Read true or false, also as words of a variable."""
    if isinstance(value, bool):
        return value
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError("true or false")


def texts(value: object) -> tuple[str, ...]:
    """Read one text, or several: as a list, or separated by commas."""
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if isinstance(value, list | tuple) and all(isinstance(part, str) and part for part in value):
        return tuple(value)
    raise ValueError("a text or a list of texts")


def variables(value: object) -> tuple[str, ...]:
    """Read names of variables."""
    names = texts(value)
    if all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in names):
        return names
    raise ValueError("a name of a variable or a list of such names")


def severities(value: object) -> tuple[str, ...]:
    """Read {code: severity}, or "code=severity" separated by commas, as such texts."""
    pairs = [f"{code}={one}" for code, one in value.items()] if isinstance(value, dict) else value
    levels = {str(level) for level in Severity}
    try:
        found = texts(pairs) if pairs else ()
    except ValueError:
        found = ("",)
    if all(code and level in levels for code, _, level in (one.partition("=") for one in found)):
        return found
    raise ValueError('a table of codes, each "critical", "warning" or "info"')


_IGNORE_WORDS = ("reason", "kind", "object", "environment", "until")


def ignores(value: object) -> tuple[Ignore, ...]:
    """Read tables of [[drift.ignore]]; a variable of the shell cannot hold them."""
    found = value if isinstance(value, list) else [None]
    return tuple(_ignore(one) for one in found)


def _ignore(value: object) -> Ignore:
    meant = 'tables such as {object = "public.t", reason = "why", until = 2026-03-31}'
    if not isinstance(value, dict) or not set(value) <= set(_IGNORE_WORDS):
        raise ValueError(f"{meant}; known words: {', '.join(_IGNORE_WORDS)}")
    words = {name: str(one) for name, one in value.items()}
    if not words.get("reason", "").strip() or not (words.get("kind") or words.get("object")):
        raise ValueError(f"{meant}, with a reason, and a kind or an object")
    if words.get("until"):
        date.fromisoformat(words["until"])
    return Ignore(**words)


def databases(value: object) -> Databases:
    """Read {query = "SELECT …"}, {file = "tenants.txt"} or {env = "TENANT_URLS"}."""
    meant = 'a table with one of query = "SELECT …", file = "FILE", env = "VARIABLE"'
    if not isinstance(value, dict) or len(value) != 1 or not set(value) <= _MANY:
        raise ValueError(meant)
    ((kind, text),) = value.items()
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        raise ValueError(meant)
    if kind == "env":
        variables(text)
    return Databases(kind, text.strip())


_MANY = {"query", "file", "env"}


def is_major(value: object) -> TypeGuard[int]:
    """Return whether `value` may be the number of a PostgreSQL major version."""
    return isinstance(value, int) and not isinstance(value, bool) and 9 <= value < 100


def major(value: object) -> int:
    """Read a major version of PostgreSQL."""
    number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,2}", value) else value
    if not is_major(number):
        raise ValueError("a major version of PostgreSQL, such as 17")
    return number


def choice(*words: str) -> Callable[[object], object]:
    """Return what reads one of `words`."""

    def read(value: object) -> str:
        if value not in words:
            raise ValueError(" or ".join(f'"{word}"' for word in words))
        return str(value)

    return read


_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}


def milliseconds(value: object) -> int:
    """Read "500ms", "5s", "30m", "2h", "1d", or a number of seconds."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value * 1_000
    found = re.fullmatch(r"(\d+)\s*(ms|s|min|m|h|d)?", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('a duration such as "500ms", "5s", "30m" or "2h"')
    return int(found[1]) * _UNITS[found[2] or "s"]


def timeout(value: object) -> int:
    """Read a duration that a server takes, in milliseconds."""
    found = milliseconds(value)
    if found >= 2**31:
        raise ValueError("a duration below 24 days, which is the server's own limit")
    return found


def patience(value: object) -> int:
    """Read how long a push may take, in milliseconds."""
    found = milliseconds(value)
    if not 500 <= found <= 60_000:
        raise ValueError("a duration from 500ms to 60s: git's own connection waits meanwhile")
    return found


def count(value: object) -> int:
    """Read a small number."""
    found = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,3}", value) else value
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= 100:
        raise ValueError("a number from 0 to 100")
    return found


def seconds(value: object) -> int:
    """Read a duration, in seconds."""
    return milliseconds(value) // 1_000
