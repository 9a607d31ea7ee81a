"""A persistent PostgreSQL of our own: socket only, started when needed, reaped when orphaned.

The binaries are driven directly, so any folder of them serves. PostgreSQL refuses to run as root;
then the server runs as `postgres` or `nobody`, from a folder that this user can reach.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrate_hooks.errors import ConfigProblem, Unreachable
from migrate_hooks.outside import pg_tools, process, server_user
from migrate_hooks.outside.files import CACHE_VARIABLE, cache_folder
from migrate_hooks.outside.keeper import Duty

if TYPE_CHECKING:
    import psycopg

IDLE_VARIABLE = "MIGRATE_HOOKS_EMBEDDED_IDLE"
_IDLE_SECONDS = 600.0
_START_SECONDS = 30.0
_PREDECESSOR_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running embedded server: connect as `user` through the socket in `sockets`."""

    sockets: Path
    major: int
    base: Path
    user: str = "postgres"
    port: str = "5432"


def ensure(major: int | None = None) -> Server:
    """Return a running server, starting (and first making) it when it is not there.

    Raises ToolMissing when there are no binaries and Unreachable when the server does not start.
    """
    return serve(pg_tools.installation(major))


def serve(found: pg_tools.Installation, room: str = "pg", user: str = "postgres") -> Server:
    """Return a running server of an installation whose superuser is `user`; see `ensure`.

    `room` is the folder of our cache in which it lives, beside nothing of another purpose.
    """
    try:
        return _ensure(found, cache_folder() / room / str(found.major), user)
    except OSError as wrong:
        raise Unreachable(
            f"The embedded server cannot be kept in {cache_folder()}: {wrong.strerror or wrong}.",
            f"Name a folder that you may write to in {CACHE_VARIABLE}.",
        ) from wrong


def _ensure(found: pg_tools.Installation, base: Path, user: str) -> Server:
    idle = _idle_seconds()
    owner = server_user.owner()
    _make_folders(base, owner)
    sockets = server_user.socket_folder(base, owner)
    server = Server(sockets, found.major, base, user)
    with _locked(base):
        (base / "leases" / str(os.getpid())).touch()
        if not answers(server):
            _make_cluster(server, found, owner)
            _start(server, found, owner, idle)
    return server


def _make_folders(base: Path, owner: tuple[int, int] | None) -> None:
    # As root the folders above must let the server's user through, and nobody else look in.
    above = [one for one in base.parents if one.is_relative_to(cache_folder())]
    for folder in reversed(above):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o711 if owner else 0o700)
    base.mkdir(exist_ok=True)
    base.chmod(0o700)
    (base / "leases").mkdir(exist_ok=True)
    if owner:
        os.chown(base, *owner)


@contextmanager
def _locked(base: Path) -> Iterator[None]:
    with (base / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def answers(server: Server) -> bool:
    """Return whether something accepts connections on the server's socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(server.sockets / f".s.PGSQL.{server.port}"))
        except OSError:
            return False
    return True


def _make_cluster(
    server: Server, found: pg_tools.Installation, owner: tuple[int, int] | None
) -> None:
    base = server.base
    if (base / "data" / "PG_VERSION").exists():
        return
    unfinished = base / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    initdb = str(server_user.reachable(found, owner) / "initdb")
    words = ["-U", server.user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    done = process.run([initdb, "-D", str(unfinished), *words], user=owner, cwd=base)
    if done.code != 0:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise Unreachable(f"The embedded server could not be made: {said}")
    unfinished.rename(base / "data")


def _idle_seconds() -> float:
    named = os.environ.get(IDLE_VARIABLE) or str(_IDLE_SECONDS)
    try:
        return float(named)
    except ValueError:
        message = f"{IDLE_VARIABLE} must be a number of seconds."
        raise ConfigProblem(message, "Correct it, or unset it.") from None


def _start(
    server: Server, found: pg_tools.Installation, owner: tuple[int, int] | None, idle: float
) -> None:
    postgres = str(server_user.reachable(found, owner) / "postgres")
    duty = Duty(str(server.base), postgres, str(server.sockets), idle, owner)
    keeper = _spawn_keeper(duty)
    started = time.monotonic()
    while not _is_ready(server):
        waited = time.monotonic() - started
        if not _is_running(keeper) and waited < _PREDECESSOR_SECONDS:
            time.sleep(0.2)  # the processes of a server that was killed may not all be gone yet
            keeper = _spawn_keeper(duty)
        elif not _is_running(keeper) or waited > _START_SECONDS:
            raise Unreachable(f"The embedded server did not start: {_last_words(server.base)}")
        time.sleep(0.02)


def _spawn_keeper(duty: Duty) -> int:
    keeper = subprocess.Popen(
        [sys.executable, "-P", "-m", "migrate_hooks.outside.keeper", duty.to_json()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    keeper.returncode = 0  # it outlives us on purpose; without this Python warns about that
    return keeper.pid


def _is_running(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


def _is_ready(server: Server) -> bool:
    import psycopg
    from psycopg.conninfo import make_conninfo

    if not answers(server):
        return False
    try:
        psycopg.connect(make_conninfo(**_words(server), connect_timeout=5)).close()
    except psycopg.OperationalError:
        return False
    return True


def _words(server: Server, database: str = "postgres") -> dict[str, str]:
    return {
        "host": str(server.sockets),
        "port": server.port,
        "user": server.user,
        "dbname": database,
    }


def _last_words(base: Path) -> str:
    try:
        lines = (base / "server.log").read_text("utf-8", "replace").strip().splitlines()
    except OSError:
        lines = []
    return lines[-1] if lines else "it left no log"


@contextmanager
def _administer(server: Server) -> "Iterator[psycopg.Connection[tuple[Any, ...]]]":
    """Yield a connection to the server's own database; raises Unreachable when it fails."""
    import psycopg
    from psycopg.conninfo import make_conninfo

    words = make_conninfo(**_words(server))
    try:
        with psycopg.connect(words, autocommit=True) as connection:
            yield connection
    except psycopg.Error as wrong:
        raise Unreachable(f"The embedded server refused: {wrong}") from wrong


def make_database(server: Server, name: str, repository: str = "") -> dict[str, str]:
    """Return libpq parameters of database `name`, creating it when it is not there.

    The database's comment keeps the path of the `repository` that it was made for.
    """
    import psycopg
    from psycopg import sql

    with _administer(server) as connection:
        known = connection.execute(
            "SELECT 1 FROM pg_catalog.pg_database WHERE datname = %s", (name,)
        ).fetchone()
        if known is None:
            # Another process may have been first, which is as good.
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                remark = sql.SQL("COMMENT ON DATABASE {} IS {}")
                path = repository.encode("utf-8", "backslashreplace").decode()
                connection.execute(remark.format(sql.Identifier(name), sql.Literal(path)))
    return _words(server, name)


def drop_orphans(server: Server, folders: Path) -> None:
    """Drop the databases of repositories below `folders*` that are no longer there.

    Meant for folders that are made to be thrown away. Of any other repository nothing is ever
    dropped: one that is only away for a while would lose its data.
    """
    from psycopg import sql

    with _administer(server) as connection:
        rows = connection.execute(_DATABASES).fetchall()
        for name, repository in rows:
            if str(repository).startswith(str(folders)) and not Path(repository).exists():
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
                )


def repositories(server: Server) -> set[str]:
    """Return the paths of the repositories that have a database here."""
    import psycopg
    from psycopg.conninfo import make_conninfo

    with psycopg.connect(make_conninfo(**_words(server))) as connection:
        return {str(row[1]) for row in connection.execute(_DATABASES).fetchall() if row[1]}


_DATABASES = """
SELECT datname, pg_catalog.shobj_description(oid, 'pg_database')
FROM pg_catalog.pg_database WHERE NOT datistemplate
"""


def database_name(root: Path, environment: str) -> str:
    """Return the name of an environment's database: readable, and unique by `root`'s path."""
    readable = "".join(c if c.isalnum() and c.isascii() else "_" for c in root.name.lower())[:24]
    digest = sha256(bytes(root.resolve())).hexdigest()[:6]
    return f"{readable}_{digest}_{environment}"[:63]
