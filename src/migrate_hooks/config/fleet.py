"""An environment that stands for many databases: which ones, and how to reach each of them.

Only names come from a configuration, a file of the repository or a query: host, user and password
are always those of the environment's own DSN, or of a variable that holds whole DSNs.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from migrate_hooks.config import targets
from migrate_hooks.errors import ConfigProblem, ManyDatabases, QueryFailed, Refused
from migrate_hooks.model.environment import Environment, Target
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import some

_LISTED = 5
_QUERY_SECONDS = 10
_READS = frozenset({"SELECT", "VALUES", "TABLE", "WITH"})
_READ_ONLY = f"BEGIN READ ONLY; SET LOCAL statement_timeout = '{_QUERY_SECONDS}s'"
_COMMENT = "#"
_ENDS_EARLY = "\0"


@dataclass(frozen=True, slots=True)
class Member:
    """One of many databases: an environment of its own, and how to reach it."""

    environment: Environment
    target: Target


def members(settings: Settings, many: Environment) -> tuple[Member, ...]:
    """Return every database of `many`, by name.

    Raises Refused where none is named or one twice, ConfigProblem, MissingDsn, BadDsn, Unreachable.
    """
    found = tuple(_found(settings, many))
    if not found:
        raise Refused(
            f"{many.name} stands for many databases, and {_source(many)} names none.",
            "Correct it in the configuration: what was not looked at is never called clean.",
        )
    twice = [
        name for name, times in Counter(one.environment.name for one in found).items() if times > 1
    ]
    if twice:
        raise Refused(
            f"{many.name} stands for many databases, and {_source(many)} names "
            f"{some(twice, _LISTED)} more than once.",
            "Name each database once: what runs twice may go wrong the second time.",
        )
    return tuple(sorted(found, key=lambda one: one.environment.name))


def first(settings: Settings, many: Environment) -> tuple[Member, int]:
    """Return the database that is asked where one has to stand for all, and how many there are.

    Raises as `members` does.
    """
    found = members(settings, many)
    return found[0], len(found)


def target(settings: Settings, wanted: Environment) -> Target:
    """Return the database of one of many; raises ManyDatabases for all of them and for a stranger.

    One that stands in the chain itself was found by `members` before, and is not looked for again.
    """
    many = targets.environment(settings, wanted.configured)
    if wanted in settings.environments and wanted.database and not _in_dsns(many):
        return _one(wanted, targets.home(settings, many))
    if wanted.is_many:
        raise ManyDatabases(
            f"{many.name} stands for many databases, and this works on one.",
            f"Name it, such as --env={many.name}/DATABASE; `migrate-hooks status --env="
            f"{many.name}` lists them.",
        )
    for member in members(settings, many):
        if member.environment.name == wanted.name:
            return member.target
    raise ManyDatabases(
        f"{wanted.database!r} is no database of {many.name}: {_source(many)} does not name it.",
        f"List them: migrate-hooks status --env={many.name}",
    )


def _found(settings: Settings, many: Environment) -> Iterator[Member]:
    assert many.databases is not None  # noqa: S101 - asked only of such
    if _in_dsns(many):
        yield from _of_dsns(settings, many, many.databases.value)
        return
    home = targets.home(settings, many)
    for name in _names(settings, many, home):
        made = targets.one_of(many, name)
        yield Member(made, _one(made, home))


def _one(wanted: Environment, home: Target) -> Target:
    parameters = {**home.parameters, "dbname": wanted.database}
    return replace(home, environment=wanted.name, parameters=parameters, database=wanted.database)


def _in_dsns(many: Environment) -> bool:
    return many.databases is not None and many.databases.kind == "env"


def _of_dsns(settings: Settings, many: Environment, variable: str) -> Iterator[Member]:
    """Name each by its database, and by its host as well where that is not enough."""
    found = tuple(targets.every(settings, many, variable))
    times = Counter(one.database for one in found)
    for one in found:
        name = one.database if times[one.database] == 1 else f"{one.address}/{one.database}"
        made = targets.one_of(many, name)
        yield Member(made, replace(one, environment=made.name))


def _names(settings: Settings, many: Environment, home: Target) -> tuple[str, ...]:
    assert many.databases is not None  # noqa: S101 - asked only of such
    if many.databases.kind == "file":
        return _from_file(settings, many.databases.value)
    return _from_query(many, home, many.databases.value)


def _from_file(settings: Settings, path: str) -> tuple[str, ...]:
    place = Path(os.path.normpath(settings.base / path))
    if not Path(os.path.realpath(place)).is_relative_to(os.path.realpath(settings.root)):
        raise ConfigProblem(
            f"databases = {{ file = {path!r} }} leads out of the repository {settings.root}.",
            "Name a file inside the repository.",
        )
    try:
        text = place.read_text("utf-8-sig")
        if _ENDS_EARLY in text:  # libpq would read no further, and miss where and as whom to ask
            raise ValueError
    except (OSError, ValueError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) else "it is no text in UTF-8"
        raise ConfigProblem(
            f"{path}, which names the databases, cannot be read: {why}.",
            f"Write the name of one database a line into {path}.",
        ) from None
    names = (line.strip() for line in text.splitlines())
    return tuple(name for name in names if name and not name.startswith(_COMMENT))


def _from_query(many: Environment, home: Target, sql: str) -> tuple[str, ...]:
    """Ask the environment's own database, which must not be changed by that."""
    from migrate_hooks.outside import postgres
    from migrate_hooks.sql.split import statements

    found = statements(sql)
    if len(found) != 1 or found[0].verb.partition(" ")[0] not in _READS:
        raise ConfigProblem(
            f"environments.{many.name}.databases has a query that is not one SELECT.",
            "Write one that returns names, such as SELECT database FROM tenants.",
        )
    with postgres.session(home) as session:
        try:
            session.run(_READ_ONLY)
            rows = session.rows(found[0].text)
        except QueryFailed as wrong:
            raise ConfigProblem(
                f"The query for the databases of {many.name} failed: {wrong.message}",
                f"Correct databases below [environments.{many.name}].",
            ) from None
        finally:
            session.roll_back_quietly()
    return tuple(_name(many, row) for row in rows)


def _name(many: Environment, row: Sequence[object]) -> str:
    if len(row) != 1 or not isinstance(row[0], str) or not row[0] or _ENDS_EARLY in row[0]:
        raise ConfigProblem(
            f"The query for the databases of {many.name} must return one column of names; it "
            f"returned {len(row)} columns, or something that is no text.",
            "Select one column of names, such as datname::text.",
        )
    return row[0]


def _source(many: Environment) -> str:
    return many.databases.called if many.databases else ""
