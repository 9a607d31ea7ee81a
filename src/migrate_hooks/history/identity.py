"""Whether a database is the one that an environment's name was recorded for."""

from migrate_hooks.model.books import Identity
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity


def clashes(
    environment: Environment, here: Identity, recorded: Identity | None
) -> tuple[tuple[str, Finding], ...]:
    """Return (name that allows it, finding) where the record speaks of something else."""
    if recorded is None:
        return ()
    if recorded.environment != environment.name:
        return (("", _stranger(environment.name, recorded)),)
    if _is_copy(here, recorded):
        return (("" if environment.protected else "copy", _copied(environment, here, recorded)),)
    return ()


def needs_record(here: Identity, recorded: Identity | None) -> bool:
    """Return whether a run that may go on has something to record."""
    return recorded is None or _is_copy(here, recorded)


def _is_copy(here: Identity, recorded: Identity) -> bool:
    known = here.system_identifier is not None and recorded.system_identifier is not None
    moved = known and here.system_identifier != recorded.system_identifier
    return moved or here.database != recorded.database


def _stranger(name: str, recorded: Identity) -> Finding:
    return Finding(
        "guard/identity",
        Severity.CRITICAL,
        f"This database was recorded as {recorded.environment} (at {recorded.recorded_at} by "
        f"{recorded.recorded_by}), and the connection string of {name} leads to it.",
        ObjectPlace.whole(name),
        f"Check where {name} points: `migrate-hooks env check`. If the environment was "
        "renamed, or this was restored from the other one's backup, set its name in table "
        f"migrate_hooks.identity: environment = '{name}'.",
    )


def _copied(environment: Environment, here: Identity, recorded: Identity) -> Finding:
    name = environment.name
    update = (
        "UPDATE migrate_hooks.identity SET system_identifier = "  # noqa: S608 - to be read
        f"{_literal(here.system_identifier)}, database = {_literal(here.database)};"
    )
    way = "record it anew there: " + update
    if not environment.protected:
        way = "say so, which records it anew: --allow=copy."
    return Finding(
        "guard/copy",
        Severity.CRITICAL,
        f"This is not the database that was recorded as {name}, but a copy of it: recorded was "
        f"database {recorded.database} of server {recorded.system_identifier or 'unknown'}, this "
        f"is {here.database} of server {here.system_identifier or 'unknown'} (a restored dump, a "
        "clone, or a server after a major upgrade).",
        ObjectPlace.whole(name),
        f"If it is meant to be {name} from now on, {way}",
    )


def _literal(text: str | None) -> str:
    return "NULL" if text is None else "'" + text.replace("'", "''") + "'"
