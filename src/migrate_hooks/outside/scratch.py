"""Scratch databases: made of templates on a server of their own, kept for next time, bounded.

Names tell what a database is: `mh_scratch_…` is finished and never changed again, `mh_building_…`
is being made. One process at a time works on a server, under an advisory lock that the server lets
go when the process dies; so whatever is being made by somebody else is a leftover.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from migrate_hooks.errors import LockBusy, QueryFailed
from migrate_hooks.model.environment import Target
from migrate_hooks.outside import postgres, pretended
from migrate_hooks.outside.files import cache_folder
from migrate_hooks.outside.grounds import PATHS_SINCE, Ground
from migrate_hooks.outside.postgres import Session

if TYPE_CHECKING:
    from migrate_hooks.outside.embedded import Server

KEPT = "mh_scratch_"
BUILDING = "mh_building_"
_PRETENDED = "standins"

_MOST_DATABASES = 24
_WAIT_SECONDS = 60
_STATEMENT_SECONDS = 120
_LOCK = 5_170_842_036

_DATABASES = """
SELECT datname::text FROM pg_catalog.pg_database WHERE datname LIKE 'mh\\_%'
ORDER BY COALESCE(pg_catalog.shobj_description(oid, 'pg_database'), '') DESC
"""
_IN_USE = "55006"
_SUBSCRIPTIONS = """
SELECT s.subname::text FROM pg_catalog.pg_subscription AS s
JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
WHERE d.datname = pg_catalog.current_database()
"""
_ROLES = "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname OPERATOR(pg_catalog.=) %s"


@dataclass(frozen=True, slots=True)
class Workshop:
    """A server at work: `admin` is a session in its own database, `target` how to get another.

    `owner` is the role that the databases belong to.
    """

    ground: Ground
    admin: Session
    target: Target
    owner: str
    options: str


@contextmanager
def workshop(ground: Ground, worker: str, owner: str, search_path: str) -> Iterator[Workshop]:
    """Start the server if need be, wait for our turn, sweep up, and yield it.

    `worker` is the role that everything is made by, a superuser here, whatever it is elsewhere;
    `owner` the one that databases belong to. A server that a person named has its own.
    Raises Unreachable, and LockBusy when another process keeps it for too long.
    """
    administrator, target = _targets(ground, worker)
    with postgres.session(administrator) as admin:
        _take_turn(admin)
        _sweep(admin)
        if ground.installation:
            _have_roles(admin, worker, owner)
        mine = owner if ground.installation else target.user
        yield Workshop(ground, admin, target, mine, _options(ground, search_path))


def _targets(ground: Ground, worker: str) -> tuple[Target, Target]:
    """Return how to reach the server as who administers it, and as who does the work."""
    if ground.target:
        return ground.target, ground.target
    assert ground.installation is not None  # noqa: S101 - a ground is one or the other
    from migrate_hooks.outside import embedded  # late: what was read before needs no server

    place = sha256(bytes(ground.installation.bin)).hexdigest()[:6]
    server = embedded.serve(ground.installation, f"scratch/{place}", "migrate_hooks")
    if ground.major >= PATHS_SINCE:
        pretended.write(server.base / _PRETENDED)
    return _target(server, server.user), _target(server, worker)


def _target(server: "Server", user: str) -> Target:
    parameters = {
        "host": str(server.sockets),
        "port": server.port,
        "user": user,
        "dbname": "postgres",
    }
    return Target(
        environment="the scratch server",
        source="embedded server",
        parameters=parameters,
        password=None,
        host=str(server.sockets),
        port=server.port,
        database="postgres",
        user=user,
    )


def _options(ground: Ground, search_path: str) -> str:
    settings = {"statement_timeout": f"{_STATEMENT_SECONDS}s", "jit": "off"}
    if search_path:
        settings["search_path"] = search_path
    if ground.installation and ground.major >= PATHS_SINCE:
        settings["extension_control_path"] = f"$system:{_base(ground) / _PRETENDED}"
        settings["synchronous_commit"] = "off"
    return " ".join(f"-c {name}={_escaped(value)}" for name, value in settings.items())


def _base(ground: Ground) -> Path:
    assert ground.installation is not None  # noqa: S101 - only an installation has a folder
    place = sha256(bytes(ground.installation.bin)).hexdigest()[:6]
    return cache_folder() / "scratch" / place / str(ground.major)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(" ", "\\ ")


def _take_turn(admin: Session) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while not admin.value("SELECT pg_catalog.pg_try_advisory_lock(%s)", [_LOCK]):
        if time.monotonic() > deadline:
            raise LockBusy(
                "Another process has been replaying migrations on the scratch server for "
                f"{_WAIT_SECONDS} seconds.",
                "Wait until it is done, then run the command again.",
            )
        time.sleep(0.05)


def _sweep(admin: Session) -> None:
    """Drop what a process left that died, and what was not used for longest."""
    names = [row[0] for row in admin.rows(_DATABASES)]
    kept = [name for name in names if name.startswith(KEPT)]
    for name in (*kept[_MOST_DATABASES:], *(one for one in names if one.startswith(BUILDING))):
        _drop(admin, name)


def _drop(admin: Session, name: str) -> None:
    drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
    try:
        admin.run(drop)
    except QueryFailed as refused:
        if refused.sqlstate != _IN_USE:
            raise
        _drop_subscriptions(admin, name)
        admin.run(drop)


def _drop_subscriptions(admin: Session, name: str) -> None:
    """Drop what a migration subscribed to: no database goes before, not even by force."""
    words = {**admin.target.parameters, "dbname": name}
    with postgres.session(replace(admin.target, parameters=words, database=name)) as session:
        for (one,) in session.rows(_SUBSCRIPTIONS):
            subscription = _quoted(str(one))
            session.run(f"ALTER SUBSCRIPTION {subscription} DISABLE")
            session.run(f"ALTER SUBSCRIPTION {subscription} SET (slot_name = NONE)")
            session.run(f"DROP SUBSCRIPTION {subscription}")


def _have_roles(admin: Session, worker: str, owner: str) -> None:
    """Make both roles superusers; a migration may demote the one that runs it, and goes on then."""
    for role in {worker, owner}:
        _have_superuser(admin, role)
    if worker != owner:
        with suppress(QueryFailed):  # another environment has them the other way round
            admin.run(f"GRANT {_quoted(owner)} TO {_quoted(worker)}")


def _have_superuser(admin: Session, role: str) -> None:
    verb = "ALTER" if admin.rows(_ROLES, [role]) else "CREATE"
    admin.run(f"{verb} ROLE {_quoted(role)} LOGIN SUPERUSER")


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def kept(shop: Workshop) -> frozenset[str]:
    """Return the keys of the databases that are finished."""
    names = (row[0] for row in shop.admin.rows(_DATABASES))
    return frozenset(name.removeprefix(KEPT) for name in names if name.startswith(KEPT))


@contextmanager
def build(shop: Workshop, key: str, start: str | None) -> Iterator[Session]:
    """Yield a session in a new database, a copy of the one with key `start` or an empty one.

    It is kept under `key` when nothing goes wrong, and is gone otherwise.
    """
    name = BUILDING + key
    template = KEPT + start if start else "template0"
    owner = f" OWNER {_quoted(shop.owner)}" if shop.owner else ""
    shop.admin.run(f"CREATE DATABASE {name} TEMPLATE {template}{owner}")
    try:
        with visit(shop, name) as session:
            yield session
        shop.admin.run(f"DROP DATABASE IF EXISTS {KEPT}{key} WITH (FORCE)")
        shop.admin.run(f"ALTER DATABASE {name} RENAME TO {KEPT}{key}")
        remember_use(shop, key)
    finally:
        _drop(shop.admin, name)


@contextmanager
def copy(shop: Workshop, template: str) -> Iterator[str]:
    """Yield the name of a new database, a copy of `template` to which nobody may be connected.

    It is gone afterwards.
    """
    name = f"{BUILDING}{os.urandom(16).hex()}"
    owner = f" OWNER {_quoted(shop.owner)}" if shop.owner else ""
    shop.admin.run(f"CREATE DATABASE {name} TEMPLATE {template}{owner}")
    try:
        yield name
    finally:
        _drop(shop.admin, name)


@contextmanager
def visit(shop: Workshop, name: str) -> Iterator[Session]:
    """Yield a session in one of the databases, by its whole name."""
    words = {**shop.target.parameters, "dbname": name, "options": shop.options}
    with postgres.session(replace(shop.target, parameters=words, database=name)) as session:
        yield session


def remember_use(shop: Workshop, key: str) -> None:
    """Note that a database was of use now: those that were not for longest go first."""
    moment = f"{time.time():.3f}"
    shop.admin.run(f"COMMENT ON DATABASE {KEPT}{key} IS '{moment}'")


def standins_in(session: Session) -> tuple[str, ...]:
    """Return the extensions of a database that are not the real ones."""
    rows = session.rows(
        "SELECT extname::text FROM pg_catalog.pg_extension"
        " WHERE extversion OPERATOR(pg_catalog.=) %s ORDER BY 1",
        [pretended.VERSION],
    )
    return tuple(row[0] for row in rows)
