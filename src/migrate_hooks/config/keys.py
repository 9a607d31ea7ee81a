"""Every key of the configuration, once: its form, its default and what it means.

Reading, checking, `config show` and the reference in the docs all come from this table.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeGuard

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.model.environment import Databases
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.settings import Ignore


@dataclass(frozen=True, slots=True)
class Key:
    """One key: `read` turns what was written into a value (in `unit`) or raises ValueError."""

    name: str
    read: Callable[[object], object]
    form: str
    default: object
    meaning: str
    unit: str = ""


def _text(value: object) -> str:
    if not isinstance(value, str) or not value or "\0" in value:
        raise ValueError("a text that is not empty")
    return value


def _maybe_empty(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text")
    return value


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError("true or false")


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    if isinstance(value, list | tuple) and all(isinstance(part, str) and part for part in value):
        return tuple(value)
    raise ValueError("a text or a list of texts")


def _variables(value: object) -> tuple[str, ...]:
    names = _texts(value)
    if all(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) for name in names):
        return names
    raise ValueError("a name of a variable or a list of such names")


def _severities(value: object) -> tuple[str, ...]:
    """Read {code: severity}, or "code=severity" separated by commas, as such texts."""
    pairs = [f"{code}={one}" for code, one in value.items()] if isinstance(value, dict) else value
    levels = {str(level) for level in Severity}
    try:
        found = _texts(pairs) if pairs else ()
    except ValueError:
        found = ("",)
    if all(code and level in levels for code, _, level in (one.partition("=") for one in found)):
        return found
    raise ValueError('a table of codes, each "critical", "warning" or "info"')


_IGNORE_WORDS = ("reason", "kind", "object", "environment", "until")


def _ignores(value: object) -> tuple[Ignore, ...]:
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


def _databases(value: object) -> Databases:
    """Read {query = "SELECT …"}, {file = "tenants.txt"} or {env = "TENANT_URLS"}."""
    meant = 'a table with one of query = "SELECT …", file = "FILE", env = "VARIABLE"'
    if not isinstance(value, dict) or len(value) != 1 or not set(value) <= _MANY:
        raise ValueError(meant)
    ((kind, text),) = value.items()
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        raise ValueError(meant)
    if kind == "env":
        _variables(text)
    return Databases(kind, text.strip())


_MANY = {"query", "file", "env"}


def is_major(value: object) -> TypeGuard[int]:
    """Return whether `value` may be the number of a PostgreSQL major version."""
    return isinstance(value, int) and not isinstance(value, bool) and 9 <= value < 100


def _major(value: object) -> int:
    number = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,2}", value) else value
    if not is_major(number):
        raise ValueError("a major version of PostgreSQL, such as 17")
    return number


def _choice(*words: str) -> Callable[[object], object]:
    def read(value: object) -> str:
        if value not in words:
            raise ValueError(" or ".join(f'"{word}"' for word in words))
        return str(value)

    return read


_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}


def _milliseconds(value: object) -> int:
    """Read "500ms", "5s", "30m", "2h", "1d", or a number of seconds."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value * 1_000
    found = re.fullmatch(r"(\d+)\s*(ms|s|min|m|h|d)?", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError('a duration such as "500ms", "5s", "30m" or "2h"')
    return int(found[1]) * _UNITS[found[2] or "s"]


def _timeout(value: object) -> int:
    found = _milliseconds(value)
    if found >= 2**31:
        raise ValueError("a duration below 24 days, which is the server's own limit")
    return found


def _patience(value: object) -> int:
    found = _milliseconds(value)
    if not 500 <= found <= 60_000:
        raise ValueError("a duration from 500ms to 60s: git's own connection waits meanwhile")
    return found


def _count(value: object) -> int:
    found = int(value) if isinstance(value, str) and re.fullmatch("[0-9]{1,3}", value) else value
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= 100:
        raise ValueError("a number from 0 to 100")
    return found


def _seconds(value: object) -> int:
    return _milliseconds(value) // 1_000


KEYS: tuple[Key, ...] = (
    Key("migrations", _text, "folder", None, "Folder of the migration files. Found when not set."),
    Key(
        "layout",
        _text,
        "name",
        None,
        "How files are read: sections, supabase or prisma. Found by itself.",
    ),
    Key(
        "ledger",
        _text,
        "name",
        None,
        "Table that says what is applied: supabase, prisma or own. The layout's when not set.",
    ),
    Key("templates", _text, "folder", None, "Your own templates for `new`; they win."),
    Key(
        "exposed_schemas",
        _texts,
        "list",
        ("public",),
        "Schemas an API shows; drift there weighs more.",
    ),
    Key("server_version", _major, "major", None, "PostgreSQL major version that lint assumes."),
    Key(
        "lint.down",
        _choice("auto", "required", "optional"),
        "auto, required, optional",
        "auto",
        "Whether a missing DOWN blocks; auto asks the layout.",
    ),
    Key("lint.style", _flag, "true, false", True, "Whether the style is judged."),
    Key(
        "lint.style_engine",
        _choice("sqlfluff", "sqruff"),
        "sqlfluff, sqruff",
        "sqlfluff",
        "Who judges the style: sqruff is quicker and comes apart.",
    ),
    Key("lint.safety", _flag, "true, false", True, "Whether squawk judges the safety."),
    Key("lint.exclude_rules", _texts, "list", (), "Codes of findings that are not reported."),
    Key("lint.enable_rules", _texts, "list", (), 'Opt-in rules to judge by, such as "schema/*".'),
    Key(
        "lint.severity",
        _severities,
        "table",
        (),
        'How much a code weighs: "order/out-of-order" = "warning".',
    ),
    Key(
        "lint.baseline",
        _text,
        "file",
        None,
        "Findings that are not shown, as `lint --baseline write` wrote them.",
    ),
    Key(
        "lint.other_branches",
        _flag,
        "true, false",
        True,
        "Whether migrations of other branches that touch the same objects are mentioned.",
    ),
    Key(
        "apply.lock_timeout",
        _timeout,
        "duration",
        5_000,
        "How long a statement may wait for a lock.",
        unit="ms",
    ),
    Key(
        "apply.statement_timeout",
        _timeout,
        "duration",
        0,
        "How long a statement may run; 0 is no limit.",
        unit="ms",
    ),
    Key(
        "apply.idle_in_transaction_session_timeout",
        _timeout,
        "duration",
        60_000,
        "When the server ends a migration whose client fell silent.",
        unit="ms",
    ),
    Key(
        "apply.lock_wait",
        _seconds,
        "duration",
        30,
        "How long `apply` waits for another `apply`.",
        unit="s",
    ),
    Key(
        "apply.lock_retries",
        _count,
        "number",
        3,
        "How often a migration that ran into lock_timeout is tried again.",
    ),
    Key(
        "scratch.prelude",
        _texts,
        "list",
        (),
        'Files of SQL to run before the first migration is replayed; "supabase" is built in, '
        '"none" is none. Found by itself.',
    ),
    Key(
        "scratch.url_env",
        _variables,
        "names",
        (),
        "Variables that may hold the DSN of a server to replay on; only names. The embedded one "
        "when not set.",
    ),
    Key(
        "drift.ignore",
        _ignores,
        "tables",
        (),
        "Differences that are meant, each with a reason: see docs/DRIFT.md.",
    ),
    Key(
        "drift.severity",
        _severities,
        "table",
        (),
        'How much a difference weighs: "index public.logs*" = "info".',
    ),
    Key(
        "push.budget",
        _patience,
        "duration",
        8_000,
        "How long a push may be looked at; what takes longer is not checked.",
        unit="ms",
    ),
    Key(
        "push.promotion",
        _choice("block", "warn", "off"),
        "block, warn, off",
        "block",
        "What a push does whose migrations the environment before does not have yet.",
    ),
)

ENVIRONMENT_KEYS: tuple[Key, ...] = (
    Key("branch", _maybe_empty, "branch", None, 'Branch that deploys here; "" for none.'),
    Key("url_env", _variables, "names", (), "Variables that may hold the DSN; only names."),
    Key("url", _choice("embedded"), '"embedded"', None, "The embedded server instead of a DSN."),
    Key("protected", _flag, "true, false", None, "Whether a change must be said twice."),
    Key(
        "max_backup_age",
        _seconds,
        "duration",
        None,
        "How old a backup may be before a change: 30 min where protected, else none is asked for.",
        unit="s",
    ),
    Key(
        "unchecked",
        _choice("warn", "block"),
        "warn, block",
        None,
        "What a push does when the database cannot be asked.",
    ),
    Key(
        "databases",
        _databases,
        "query, file or env",
        None,
        "Where its many databases are named, if it stands for many: see docs/FLEETS.md.",
    ),
    Key(
        "after",
        _maybe_empty,
        "environment",
        None,
        'Environment that migrations come from; "" for none. The one before it when not set.',
    ),
)


def read(key: Key, dotted: str, value: object, origin: str) -> object:
    """Return `value` in the key's own type; raises ConfigProblem naming key, origin and form."""
    try:
        return key.read(value)
    except ValueError as wrong:
        raise ConfigProblem(
            f"{dotted} in {origin} must be {wrong}.",
            f"Correct {dotted} in {origin}; `migrate-hooks config show` prints what is in force.",
        ) from None
