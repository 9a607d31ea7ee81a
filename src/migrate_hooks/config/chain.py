"""The environments that a configuration names, in order, or the usual ones."""

from collections.abc import Mapping
from typing import Any

from migrate_hooks.config.keys import ENVIRONMENT_KEYS, read
from migrate_hooks.errors import ConfigProblem
from migrate_hooks.model.environment import Environment

_DEFAULT_CHAIN: dict[str, dict[str, object]] = {"dev": {}, "staging": {}, "production": {}}
_DEFAULT_BRANCHES = {"production": "main"}
_BACKUP_AGE_WHERE_PROTECTED = 1_800
_PROTECTED_BY_DEFAULT = frozenset({"production", "prod"})

Found = dict[str, tuple[Any, str]]
"""{dotted key: (value, where it came from)}"""


def environments(given: object, origin: str, values: Found) -> tuple[Environment, ...]:
    """Return the chain as `given`, or the usual one, and put its keys into `values`.

    Raises ConfigProblem.
    """
    if given is None:
        given, origin = _DEFAULT_CHAIN, "default"
    if not isinstance(given, dict) or not given:
        raise ConfigProblem(
            f"environments in {origin} must be tables, such as [environments.dev].",
            'Write [environments.dev] and below it what is known of it, such as branch = "dev".',
        )
    chain = tuple(_environment(name, table, origin, values) for name, table in given.items())
    _check_branches(chain, origin)
    _check_order(chain, origin)
    return chain


def _environment(name: str, table: object, origin: str, values: Found) -> Environment:
    if not isinstance(table, dict):
        raise ConfigProblem(
            f"environments.{name} in {origin} must be a table.",
            f"Write [environments.{name}] and the keys in the lines below it.",
        )
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise ConfigProblem(
            f"{origin} names an environment {name!r}: use letters, digits, - and _.",
            "Rename it; it is typed as --env=NAME.",
        )
    given = _given(name, table, origin)
    protected = given.get("protected", name.lower() in _PROTECTED_BY_DEFAULT)
    defaults = {
        "branch": _DEFAULT_BRANCHES.get(name, name),
        "protected": protected,
        "unchecked": "block" if protected else "warn",
        "max_backup_age": _BACKUP_AGE_WHERE_PROTECTED if protected else None,
    }
    words: dict[str, Any] = {}
    for key in ENVIRONMENT_KEYS:
        words[key.name] = given.get(key.name, defaults.get(key.name, key.default))
        source = origin if key.name in given else "default"
        values[f"environments.{name}.{key.name}"] = (words[key.name], source)
    return _make_environment(name, words)


def _given(name: str, table: Mapping[str, object], origin: str) -> dict[str, Any]:
    known = {key.name: key for key in ENVIRONMENT_KEYS}
    given = {}
    for word, value in table.items():
        dotted = f"environments.{name}.{word}"
        if word not in known:
            raise unknown(dotted, origin, _dotted(name))
        _refuse_literal_dsn(dotted, value, origin)
        given[word] = read(known[word], dotted, value, origin)
    return given


def _dotted(name: str) -> list[str]:
    return [f"environments.{name}.{key.name}" for key in ENVIRONMENT_KEYS]


def _make_environment(name: str, words: Mapping[str, Any]) -> Environment:
    return Environment(
        name=name,
        branch=words["branch"],
        url_env=words["url_env"],
        protected=words["protected"],
        max_backup_age=words["max_backup_age"],
        embedded=words["url"] == "embedded",
        unchecked=words["unchecked"],
        after=words["after"],
        databases=words["databases"],
    )


def _refuse_literal_dsn(dotted: str, value: object, origin: str) -> None:
    """A DSN in a file that git keeps is a leak, and a way to send credentials to a stranger."""
    inner = list(value.values()) if isinstance(value, dict) else value
    texts = inner if isinstance(inner, list) else [inner]
    for text in texts:
        if isinstance(text, str) and ("://" in text or "password=" in text.lower()):
            raise ConfigProblem(
                f"{dotted} in {origin} holds a connection string; it may only name variables.",
                f"Put the DSN into a variable or an untracked .env file, and name it in url_env. "
                f"If it had a password and {origin} was ever committed, change that password.",
            )


def _check_branches(chain: tuple[Environment, ...], origin: str) -> None:
    owners: dict[str, str] = {}
    for environment in chain:
        if environment.branch and environment.branch in owners:
            raise ConfigProblem(
                f"Branch {environment.branch} stands for two environments in {origin}: "
                f"{owners[environment.branch]} and {environment.name}.",
                "Give each environment a branch of its own.",
            )
        owners[environment.branch] = environment.name


def _check_order(chain: tuple[Environment, ...], origin: str) -> None:
    """Refuse an `after` that leads to no environment, or back to where it started."""
    names = ["", *(one.name for one in chain)]
    order = {
        one.name: names[at] if one.after is None else one.after for at, one in enumerate(chain)
    }
    for name, earlier in order.items():
        if earlier and earlier not in order:
            raise ConfigProblem(
                f"environments.{name}.after in {origin} names {earlier}, which is no environment.",
                f'Name one of {", ".join(order)}, or "" where migrations come from none.',
            )
    for name in order:
        _refuse_circle(order, name, origin)


def _refuse_circle(order: Mapping[str, str], start: str, origin: str) -> None:
    passed = [start]
    while earlier := order[passed[-1]]:
        if earlier in passed:
            raise ConfigProblem(
                f"The environments in {origin} come after each other in a circle: "
                f"{' after '.join((*passed, earlier))}.",
                f'Write after = "" below [environments.{start}] if it is the first.',
            )
        passed.append(earlier)


def unknown(dotted: str, origin: str, known: list[str]) -> ConfigProblem:
    """Return what to raise about a key that there is not, with the one that was probably meant."""
    from difflib import get_close_matches

    near = get_close_matches(dotted, known, 1, 0.5)
    inner = [name for name in known if name.rpartition(".")[2] == dotted.rpartition(".")[2]]
    guess = f" Did you mean {(inner or near)[0]}?" if inner or near else ""
    return ConfigProblem(
        f"{origin} has an unknown key: {dotted}.{guess}",
        f"Known keys: {', '.join(sorted(known))}.",
    )
