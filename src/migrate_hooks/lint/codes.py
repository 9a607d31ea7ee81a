"""Every code that a finding of lint can have: those of our rules, and those of the two engines."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.lint.base import Rule
from migrate_hooks.lint.hazards import RULES as SQUAWK
from migrate_hooks.model.finding import Severity
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.registry import collect

PACKAGE = "migrate_hooks.lint.rules"

# Plugins of sqlfluff bring codes of their own, so the form has to do.
_STYLE = re.compile(r"sqlfluff/[A-Z]+[0-9]+")
_ROOM = "/*"
_ENGINES = ("squawk", "sqlfluff")

# What no waiver, no baseline and no configuration may silence, and why not.
NEVER = {
    "structure/syntax": "a statement that the server cannot read does not run",
    "structure/not-text": "what cannot be read was not judged either",
    "naming/duplicate-version": "of two files with one version a server runs only one",
    "squawk/not-checked": "what was not checked is not known to be safe",
}


@cache
def rules() -> dict[str, Rule]:
    """Return {code: rule} of every rule that is ours, sorted by code."""
    found = collect(PACKAGE, "RULE", Rule).values()
    return {rule.name: rule for rule in sorted(found, key=lambda rule: rule.name)}


def listed() -> tuple[str, ...]:
    """Return every code that has a name; sqlfluff's are as many as its plugins make."""
    engines = (*(f"squawk/{rule}" for rule in SQUAWK), *(f"{one}/not-checked" for one in _ENGINES))
    return (*rules(), *engines)


def is_known(pattern: str) -> bool:
    """Return whether `pattern` is a code, or a whole room such as "locks/*"."""
    if _STYLE.fullmatch(pattern):
        return True
    known = listed()
    if pattern.endswith(_ROOM):
        return pattern.partition("/")[0] in {code.partition("/")[0] for code in known}
    return pattern in known


def nearest(word: str) -> str:
    """Return the code, or room, that somebody may have meant, or "".

    A name without its room, or in the wrong one, is the likeliest slip.
    """
    known = listed()
    name = word.rpartition("/")[2]
    if name == "*":
        rooms = dict.fromkeys(code.partition("/")[0] + _ROOM for code in known)
        return next(iter(get_close_matches(word, rooms, 1, 0.5)), "")
    inner = [code for code in known if code.partition("/")[2] == name]
    return next(iter(inner or get_close_matches(word, known, 1, 0.5)), "")


def matches(pattern: str, code: str) -> bool:
    """Return whether `pattern`, a code or a room, covers `code`."""
    return pattern == code or (pattern.endswith(_ROOM) and code.startswith(pattern[:-1]))


def is_any(patterns: Iterable[str], code: str) -> bool:
    """Return whether one of `patterns` covers `code`."""
    return any(matches(pattern, code) for pattern in patterns)


def is_never(code: str) -> bool:
    """Return whether findings of that code stay, whatever a waiver or a baseline says."""
    return code in NEVER or code.startswith("waiver/")


def why_never(code: str) -> str:
    """Return the reason, as the end of a sentence, for a code that `is_never` names."""
    return NEVER.get(code, "waivers do not judge themselves")


def replaced(code: str) -> tuple[str, ...]:
    """Return the codes of findings that the rule with this code tells in their place."""
    rule = rules().get(code)
    return rule.replaces if rule else ()


def is_looked_for(
    code: str, *, excluded: Iterable[str], enabled: Iterable[str], safety: bool, style: bool
) -> bool:
    """Return whether a run with these settings would find, and tell, what `code` is about."""
    if is_any(excluded, code):
        return False
    engines = {"squawk": safety, "sqlfluff": style}
    room = code.partition("/")[0]
    return engines[room] if room in engines else is_on(code, enabled)


def is_judged_by(rule: Rule, included: Iterable[str]) -> bool:
    """Return whether a rule is on, by itself or because `included` asks for it."""
    return not rule.opt_in or is_any(included, rule.name)


def is_on(pattern: str, included: Iterable[str]) -> bool:
    """Return whether a rule of ours that `pattern` covers is judged by."""
    covered = (rule for code, rule in rules().items() if matches(pattern, code))
    return any(is_judged_by(rule, included) for rule in covered)


def check(lint: LintSettings) -> None:
    """Raise ConfigProblem for a code that no finding has, and for one that must not be silenced."""
    weighed = tuple(one.partition("=")[0] for one in lint.severity)
    for key, patterns in (("exclude_rules", lint.exclude_rules), ("severity", weighed)):
        for pattern in patterns:
            if not is_known(pattern):
                raise _unknown(f"lint.{key}", pattern, "finding")
    for pattern in lint.enable_rules:
        if not any(matches(pattern, code) for code in rules()):
            raise _unknown("lint.enable_rules", pattern, "rule of ours")
    lighter = (one for one in lint.severity if not one.endswith(f"={Severity.CRITICAL}"))
    lightened = tuple(one.partition("=")[0] for one in lighter)
    for key, patterns in (("exclude_rules", lint.exclude_rules), ("severity", lightened)):
        for pattern in NEVER.keys() & {*patterns}:
            raise _lasting(f"lint.{key}", pattern)


def _lasting(key: str, code: str) -> ConfigProblem:
    return ConfigProblem(
        f"{key} names {code}, but that cannot be silenced: {why_never(code)}.",
        f"Take {code} out of {key} and correct what it reports.",
    )


def _unknown(key: str, pattern: str, which: str) -> ConfigProblem:
    meant = nearest(pattern)
    guess = f" Did you mean {meant}?" if meant not in ("", pattern) else ""
    return ConfigProblem(
        f"{key} names {pattern}, but no {which} is called that.{guess}",
        f"Correct {key}; `migrate-hooks rule --list` shows every code.",
    )
