"""Deciding the configuration, once: file < environment variables < flags."""

import os
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import Any

from migrate_hooks.config import chain
from migrate_hooks.config.chain import Found, unknown
from migrate_hooks.config.forms import is_major
from migrate_hooks.config.keys import ENVIRONMENT_KEYS, KEYS, read
from migrate_hooks.errors import ConfigProblem
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.settings import (
    ApplySettings,
    DriftSettings,
    Ignore,
    LintSettings,
    PushSettings,
    ScratchSettings,
    Settings,
)

FILE_NAME = "migrate-hooks.toml"
VARIABLE_PREFIX = "MIGRATE_HOOKS_"


def load(start: Path, file: Path | None, flags: Mapping[str, object]) -> Settings:
    """Return the settings in force in folder `start`.

    `file` is a configuration file named by hand; `flags` are {dotted key: value} from the command
    line. Raises ConfigProblem.
    """
    start = start.resolve()
    root = find_root(start)
    file = _named(file) if file else find_file(start, root)
    base = file.parent if file and file.is_relative_to(root) else root
    table = _table(file) if file else {}
    origin = file.name if file else "default"
    found: Found = dict(_supabase(base))
    found.update(_from_file(table, origin))
    found.update(_from_variables())
    found.update({name: (value, "command line") for name, value in flags.items()})
    values = _all_values(found)
    environments = chain.environments(table.get("environments"), origin, values)
    return _settings(root, base, file, values, environments)


def find_root(start: Path) -> Path:
    """Return the folder around `start` that holds `.git`, or `start` itself."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return start


def find_file(start: Path, root: Path) -> Path | None:
    """Return the configuration file nearest to `start`, not above `root`."""
    for folder in (start, *start.parents):
        own, project = folder / FILE_NAME, folder / "pyproject.toml"
        has_table = project.is_file() and "migrate-hooks" in _inner(_parse(project), "tool")
        if own.is_file() and has_table:
            raise ConfigProblem(
                f"{folder} has both {FILE_NAME} and [tool.migrate-hooks] in pyproject.toml.",
                "Keep one of the two.",
            )
        if own.is_file() or has_table:
            return own if own.is_file() else project
        if folder == root:
            break
    return None


def _named(file: Path) -> Path:
    if not file.is_file():
        raise ConfigProblem(
            f"The configuration file {file} is not there.", "Check the path behind --config."
        )
    return file.resolve()


def _parse(file: Path, name: str = "") -> dict[str, object]:
    name = name or file.name
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except OSError as wrong:
        raise ConfigProblem(
            f"{name} cannot be read: {wrong.strerror}.",
            f"Check its permissions: ls -l {quote(str(file))}",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise ConfigProblem(
            f"{name} cannot be read: {wrong}", f"Correct {name}; it is TOML in UTF-8."
        ) from None


def _inner(table: Mapping[str, object], name: str) -> Mapping[str, object]:
    """Return a table of another tool's file, empty where something else stands in its place."""
    found = table.get(name)
    return found if isinstance(found, dict) else {}


def _table(file: Path) -> dict[str, object]:
    parsed = _parse(file)
    found: object = parsed
    if file.name == "pyproject.toml":
        found = _inner(parsed, "tool").get("migrate-hooks", {})
    if not isinstance(found, dict):
        raise ConfigProblem(
            f"[tool.migrate-hooks] in {file.name} must be a table.",
            f"Write [tool.migrate-hooks] in {file.name} and the keys in the lines below it.",
        )
    return found


def _from_file(table: Mapping[str, object], origin: str) -> Found:
    known = {key.name: key for key in KEYS}
    found: Found = {}
    for dotted, value in _flatten(table):
        if dotted not in known:
            raise unknown(dotted, origin, [*known, "environments.NAME"])
        found[dotted] = (read(known[dotted], dotted, value, origin), origin)
    return found


def _flatten(table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    sections = {key.name.partition(".")[0] for key in KEYS if "." in key.name}
    for name, value in table.items():
        if name in sections and isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        elif name != "environments":
            yield name, value


def _from_variables() -> Found:
    found: Found = {}
    for key in KEYS:
        variable = VARIABLE_PREFIX + key.name.replace(".", "_").upper()
        if os.environ.get(variable):
            found[key.name] = (read(key, variable, os.environ[variable], "environment"), variable)
    return found


def _supabase(base: Path) -> Found:
    """Return what the Supabase project's own configuration already says."""
    file = base / "supabase" / "config.toml"
    if not file.is_file():
        return {}
    origin = "supabase/config.toml"
    parsed = _parse(file, origin)
    schemas = _inner(parsed, "api").get("schemas")
    major = _inner(parsed, "db").get("major_version")
    found: Found = {}
    if isinstance(schemas, list) and schemas and all(isinstance(name, str) for name in schemas):
        found["exposed_schemas"] = (tuple(schemas), origin)
    if is_major(major):
        found["server_version"] = (major, origin)
    return found


def _all_values(found: Found) -> Found:
    return {key.name: found.get(key.name, (key.default, "default")) for key in KEYS}


def _inside(root: Path, base: Path, dotted: str, value: object) -> str | None:
    """Return a place of the configuration relative to `root`; it must not lead out."""
    if value is None:
        return None
    place = Path(os.path.normpath(base / str(value)))
    if not place.is_relative_to(root):
        raise ConfigProblem(
            f"{dotted} = {str(value)!r} leads out of the repository {root}.",
            f"Name a place inside the repository in {dotted}.",
        )
    return place.relative_to(root).as_posix()


def _settings(
    root: Path, base: Path, file: Path | None, values: Found, ordered: tuple[Environment, ...]
) -> Settings:
    def group(prefix: str) -> dict[str, Any]:
        names = (name for name in values if name.startswith(prefix))
        return {name.removeprefix(prefix): values[name][0] for name in names}

    def inside(dotted: str) -> str | None:
        return _inside(root, base, dotted, values[dotted][0])

    return Settings(
        root=root,
        base=base,
        file=file,
        environments=ordered,
        migrations=inside("migrations"),
        layout=values["layout"][0],
        ledger=values["ledger"][0],
        templates=inside("templates"),
        exposed_schemas=values["exposed_schemas"][0],
        server_version=values["server_version"][0],
        lint=LintSettings(**{**group("lint."), "baseline": inside("lint.baseline")}),
        apply=ApplySettings(**group("apply.")),
        scratch=ScratchSettings(**{**group("scratch."), "prelude": _preludes(root, base, values)}),
        drift=DriftSettings(**group("drift.")),
        push=PushSettings(**group("push.")),
        origins=tuple((name, spell(name, found[0]), found[1]) for name, found in values.items()),
    )


def _preludes(root: Path, base: Path, values: Found) -> tuple[str, ...]:
    """Return the preludes with every file relative to `root`; a word is one that is built in."""
    dotted = "scratch.prelude"
    return tuple(
        (_inside(root, base, dotted, name) or "") if name.endswith(".sql") else name
        for name in values[dotted][0]
    )


def spell(dotted: str, value: object) -> str:
    """Return a value as people read it, with the unit of its key."""
    if value is None:
        return "(not set)"
    if isinstance(value, tuple):
        return ", ".join(map(_one, value)) or "(none)"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value} {_UNITS.get(dotted.rpartition('.')[2], '')}".rstrip()


def _one(value: object) -> str:
    if isinstance(value, Ignore):
        return f"{value.kind} {value.object}".strip()
    return str(value)


_UNITS = {key.name.rpartition(".")[2]: key.unit for key in KEYS + ENVIRONMENT_KEYS}
