"""From an environment's name to the database behind it; the first hit wins and is named."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from migrate_hooks.config import dsn
from migrate_hooks.errors import BadDsn, ConfigProblem, MissingDsn, UnknownEnvironment
from migrate_hooks.model.environment import Environment, Secret, Target
from migrate_hooks.model.settings import Settings

Candidate = tuple[str, str, str | None]
"""A DSN, where it stands in words, and its file if it stands in one."""


def environment(settings: Settings, name: str) -> Environment:
    """Return the configured environment `name`; raises UnknownEnvironment with the known ones."""
    for known in settings.environments:
        if known.name == name:
            return known
    many, _, database = name.partition("/")
    for known in settings.environments:
        if known.name == many and known.databases and database:
            return one_of(known, database)
    names = [known.name for known in settings.environments]
    near = get_close_matches(name, names, 1)
    guess = f" Did you mean {near[0]}?" if near else ""
    # A connection string typed in its place may have a password in it.
    shown = "of that name: it looks like a connection string" if "://" in name else repr(name)
    raise UnknownEnvironment(
        f"There is no environment {shown}.{guess}", f"Known environments: {', '.join(names)}."
    )


def one_of(many: Environment, database: str) -> Environment:
    """Return one database of many as an environment of its own; nothing is asked."""
    return replace(many, name=f"{many.name}/{database}", database=database)


def variable_names(wanted: Environment) -> tuple[str, ...]:
    """Return the names of variables that may hold the DSN, in order."""
    suffix = re.sub(r"\W", "_", wanted.configured).upper()
    return (*wanted.url_env, f"DATABASE_URL_{suffix}", f"SUPABASE_DB_URL_{suffix}")


def file_names(wanted: Environment) -> tuple[str, ...]:
    """Return the `.env` files that may hold it, in order."""
    name = wanted.configured
    return (f".env.{name}.local", f".env.{name}", ".env.local", ".env")


def target(settings: Settings, name: str) -> Target:
    """Return the database of environment `name`.

    Raises UnknownEnvironment, MissingDsn (with the names looked for), BadDsn, ManyDatabases, and
    for an embedded environment ToolMissing or Unreachable.
    """
    wanted = environment(settings, name)
    if wanted.databases:
        from migrate_hooks.config import fleet

        return fleet.target(settings, wanted)
    return home(settings, wanted)


def home(settings: Settings, wanted: Environment) -> Target:
    """Return the database that an environment's own DSN names; raises as `target` does."""
    if wanted.embedded:
        return _embedded(settings, wanted)
    for text, source, file in _candidates(settings, wanted, variable_names(wanted)):
        return _checked(settings, wanted, (text, source, file))
    raise _missing(wanted)


def every(settings: Settings, wanted: Environment, variable: str) -> Iterator[Target]:
    """Yield the databases whose DSNs stand in one variable, a line or a word each."""
    for text, source, file in _candidates(settings, wanted, (variable,)):
        for one in text.split():
            yield _checked(settings, wanted, (one, source, file))
        return
    names = ", ".join(file_names(wanted))
    raise MissingDsn(
        f"{variable} holds the databases of {wanted.configured}, and it is not set: neither in the "
        f"environment nor in {names}.",
        f"Set {variable} to connection strings, one a line or separated by spaces.",
        (variable,),
    )


def _checked(settings: Settings, wanted: Environment, found: Candidate) -> Target:
    text, source, file = found
    made = _target(wanted, text, source)
    if file is not None:
        _refuse_a_strangers_host(settings, made, file)
    return made


def _candidates(
    settings: Settings, wanted: Environment, names: Sequence[str]
) -> Iterator[Candidate]:
    from migrate_hooks.outside import envfile

    for variable in names:
        if os.environ.get(variable):
            yield os.environ[variable], variable, None
    for folder, place in _folders(settings):
        for file in file_names(wanted):
            values = envfile.read(folder / file)
            # The plain name counts only in a file that belongs to this environment alone.
            own = ("DATABASE_URL",) if file in file_names(wanted)[:2] else ()
            for variable in (*names, *own):
                if values.get(variable):
                    yield values[variable], f"{variable} in {file}{place}", file


def _folders(settings: Settings) -> Iterator[tuple[Path, str]]:
    """Yield where the files may be, and how to call that: git does not copy what it ignores."""
    from migrate_hooks.outside import worktrees

    yield settings.base, ""
    main = worktrees.main_of(settings.root)
    if main:
        yield main / settings.base.relative_to(settings.root), " of the main worktree"


def _missing(wanted: Environment) -> MissingDsn:
    names = variable_names(wanted)
    own, shared = file_names(wanted)[:2], file_names(wanted)[2:]
    return MissingDsn(
        f"No connection string for {wanted.name} was found. Looked for {', '.join(names)} in the "
        f"environment and in {', '.join((*own, *shared))}, and for DATABASE_URL in "
        f"{' and '.join(own)}.",
        f"Put {names[0]}=postgresql://user:password@host:5432/database into {own[1]} "
        "(and keep that file out of git).",
        names,
    )


def _target(wanted: Environment, text: str, source: str) -> Target:
    parsed = dsn.parse(text, source)
    parameters = dict(parsed.parameters)
    password = parameters.pop("password", None)
    return Target(
        environment=wanted.name,
        source=source,
        parameters=parameters,
        password=Secret(password) if password else None,
        host=parameters.get("host") or "local socket",
        port=parameters.get("port", "5432"),
        database=parameters["dbname"],
        user=parameters.get("user", ""),
        schema=parsed.schema,
        notes=parsed.notes,
        pooled=parsed.pooled,
    )


def scratch(settings: Settings) -> Target:
    """Return the server that migrations are replayed on, where the configuration names one.

    Only variables of the shell count, and none that belongs to an environment: nothing may be made
    on its server by mistake. Raises MissingDsn, BadDsn, ConfigProblem.
    """
    names = settings.scratch.url_env
    of_environments = {name for one in settings.environments for name in variable_names(one)}
    taken = sorted(of_environments & set(names))
    if taken:
        raise ConfigProblem(
            f"scratch.url_env names {taken[0]}, which is an environment's: databases are made and "
            "dropped on the scratch server.",
            "Name a variable of its own in scratch.url_env, with a server of its own behind it.",
        )
    for name in names:
        if os.environ.get(name):
            made = Environment(name="the scratch server", branch="")
            return _target(made, os.environ[name], name)
    raise MissingDsn(
        f"No scratch server was found: none of {', '.join(names)} is set.",
        f"Set {names[0]} to a connection string, or remove scratch.url_env: then the embedded "
        "server is used.",
        names,
    )


def is_local(host: str) -> bool:
    """Return whether a host name or socket folder means this machine."""
    return host in {"localhost", "127.0.0.1", "::1", "local socket"} or host.startswith("/")


def _refuse_a_strangers_host(settings: Settings, found: Target, file: str) -> None:
    """A tracked file must not aim the user's own PGPASSWORD or ~/.pgpass at a host it chose."""
    from migrate_hooks.outside import git, worktrees

    if found.password is None and not is_local(found.host):
        path = (settings.base / file).relative_to(settings.root).as_posix()
        roots = (settings.root, worktrees.main_of(settings.root))
        if any(one and (one / ".git").exists() and git.is_tracked(one, path) for one in roots):
            raise BadDsn(
                f"{found.source} is tracked by git and names host {found.host} without a password; "
                "your own stored passwords are not sent to a host that a repository chose.",
                f"Move the connection string into .env.{found.environment}.local, untracked.",
            )


def _embedded(settings: Settings, wanted: Environment) -> Target:
    from migrate_hooks.outside import embedded

    server = embedded.ensure()
    name = embedded.database_name(settings.root, wanted.name)
    parameters = embedded.make_database(server, name, str(settings.root))
    return Target(
        environment=wanted.name,
        source="embedded server",
        parameters=parameters,
        password=None,
        host=parameters["host"],
        port=parameters["port"],
        database=name,
        user=parameters["user"],
    )
