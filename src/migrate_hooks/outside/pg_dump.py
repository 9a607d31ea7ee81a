"""pg_dump and pg_restore as child processes: no secret in their words, no file of theirs at risk.

They connect to the very server that a session of ours is connected to. The password travels in the
child's environment, which only its own user may read. Ctrl-C ends them before it goes on.
"""

import re
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from psycopg.conninfo import make_conninfo

from migrate_hooks import __version__
from migrate_hooks.errors import BackupFailed, CannotWrite, Failure, LockBusy
from migrate_hooks.outside import pg_tools, process
from migrate_hooks.outside.pg_tools import Client
from migrate_hooks.outside.postgres import Session, redact

_TICK_SECONDS = 10.0
_LOCK_WAIT = 3_000
_LAST_SECONDS = 5.0
# A session has chosen its server already; asking these again could lead to another one.
_DECIDED = frozenset({"load_balance_hosts", "target_session_attrs"})

# Sent by a pg_restore of 17 or newer, and unknown to older servers, which loses nothing.
_HARMLESS = 'unrecognized configuration parameter "transaction_timeout"'

_WHY: tuple[tuple[str, type[Failure], str, str], ...] = (
    (
        "lock timeout",
        LockBusy,
        "another session holds a lock on a table that has to be read",
        "Wait until it is done (pg_stat_activity names it), then run the command again.",
    ),
    (
        "row-level security",
        BackupFailed,
        "row security hides rows from this role, and a backup without them would be none",
        "Use a role that owns the tables, or one with BYPASSRLS.",
    ),
    (
        "permission denied",
        BackupFailed,
        "the role may not read everything",
        "Let it: GRANT pg_read_all_data TO {user};",
    ),
    (
        "no space left",
        CannotWrite,
        "the disk is full",
        "Free some space (migrate-hooks backup prune --env={environment} --keep 3), "
        "then run the command again.",
    ),
    (
        "file too large",
        CannotWrite,
        "the file may not grow any further (a limit of this user or file system)",
        "Raise the limit (ulimit -f), then run the command again.",
    ),
)


def dump(
    client: Client,
    session: Session,
    snapshot: str,
    file: Path,
    lock_wait: int,
    tick: Callable[[], None],
) -> tuple[str, ...]:
    """Write an archive of the session's database into `file`, which is there; return warnings.

    `snapshot` is one that the session exported, `lock_wait` in milliseconds (0 for no limit).
    `tick` is called every few seconds. Raises BackupFailed, CannotWrite and LockBusy.
    """
    argv = [
        str(client.bin / "pg_dump"),
        "--format=custom",
        "--no-password",
        f"--snapshot={snapshot}",
        f"--lock-wait-timeout={lock_wait}",
        # Not its standard output: into that it appends, and the archive gets a second head at its
        # end, so that it could be cut off there unnoticed.
        f"--file={file}",
        f"--dbname={_words(session)}",
    ]
    code, said = _supervise(argv, session, tick)
    if code != 0:
        raise _failed(session, code, said)
    return tuple(_lines(said, "warning"))


def structure(client: Client, session: Session, file: Path) -> None:
    """Write an archive of the schema alone: no row, no connection; raises what `dump` raises."""
    argv = [
        str(client.bin / "pg_dump"),
        "--format=custom",
        "--schema-only",
        "--no-subscriptions",
        "--no-password",
        f"--lock-wait-timeout={_LOCK_WAIT}",
        f"--file={file}",
        f"--dbname={_words(session)}",
    ]
    code, said = _supervise(argv, session, lambda: None)
    if code != 0:
        raise _failed(session, code, said)


def restore(
    client: Client,
    session: Session,
    archive: Path,
    tick: Callable[[], None],
    *,
    owners: bool = True,
) -> tuple[str, ...]:
    """Restore an archive into the session's own, empty database; return what went wrong.

    `owners` False leaves owners, grants and subscriptions out. What failed is one text each,
    without the data.
    """
    argv = [str(client.bin / "pg_restore"), "--no-password", f"--dbname={_words(session)}"]
    # A database with a subscription cannot be dropped, which a trial has to be.
    argv += [] if owners else ["--no-owner", "--no-privileges", "--no-subscriptions"]
    code, said = _supervise([*argv, str(archive)], session, tick)
    errors = [one for one in _lines(said, "error") if _HARMLESS not in one]
    if code != 0 and not errors and _HARMLESS not in said:
        errors = [_ended(code, said)]
    return tuple(redact(one, session.target) for one in errors)


def damage(client: Client, archive: Path) -> str:
    """Read all of an archive and return what is wrong with it, "" when nothing is.

    A list of its contents would not do: that passes archives that are cut off or altered.
    """
    argv = [str(client.bin / "pg_restore"), "--file=/dev/null", str(archive)]
    done = process.run(argv, env=pg_tools.quiet_environment())
    said = done.stderr.decode("utf-8", "replace")
    if done.code == 0:
        return ""
    return "; ".join(_lines(said, "error")) or _ended(done.code, said)


def _words(session: Session) -> str:
    """Return a connection string without the password, to the server the session has found."""
    found = session.connection.info
    here = {
        **{name: text for name, text in session.target.parameters.items() if name not in _DECIDED},
        "host": found.host,
        "hostaddr": "" if found.host.startswith("/") else found.hostaddr,
        "port": str(found.port),
        "dbname": found.dbname,
        "user": found.user,
        "application_name": f"migrate-hooks/{__version__}",
    }
    return make_conninfo(**{name: text for name, text in here.items() if text})


def _environment(session: Session) -> Mapping[str, str]:
    password = session.connection.info.password
    return pg_tools.quiet_environment() | ({"PGPASSWORD": password} if password else {})


def _supervise(argv: Sequence[str], session: Session, tick: Callable[[], None]) -> tuple[int, str]:
    """Run a program to its end and return its exit code and what it said; never leave it alone."""
    with tempfile.TemporaryFile() as err:
        running = subprocess.Popen(
            argv,
            env=_environment(session),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=err,
        )
        try:
            _wait(running, tick)
        finally:
            _end(running)
        err.seek(0)
        return running.returncode, err.read().decode("utf-8", "replace")


def _wait(running: "subprocess.Popen[bytes]", tick: Callable[[], None]) -> None:
    while True:
        try:
            running.wait(_TICK_SECONDS)
        except subprocess.TimeoutExpired:
            tick()
        else:
            return


def _end(running: "subprocess.Popen[bytes]") -> None:
    """End it if it still runs: asked politely it cancels its query on the server first."""
    if running.poll() is None:
        running.terminate()
        try:
            running.wait(_LAST_SECONDS)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _failed(session: Session, code: int, said: str) -> Failure:
    environment = session.target.environment
    for sign, kind, meaning, hint in _WHY:
        if sign in said.lower() or (sign == "file too large" and code == -signal.SIGXFSZ):
            words = {"environment": environment, "user": session.connection.info.user}
            message = f"{environment} was not backed up: {meaning}. {_last(said, session)}"
            return kind(message.strip(), hint.format(**words))
    return BackupFailed(
        f"{environment} was not backed up: {_last(said, session) or _ended(code, said)}",
        f"Check that {session.target.address} is up, then run the command again.",
    )


def _last(said: str, session: Session) -> str:
    errors = list(_lines(said, "error"))
    return redact(f"pg_dump: {errors[0]}", session.target) if errors else ""


def _ended(code: int, said: str) -> str:
    if code < 0:
        return f"it was ended by {signal.Signals(-code).name}"
    last = said.strip().splitlines()
    return last[-1] if last else f"it ended with code {code}"


def _lines(said: str, kind: str) -> list[str]:
    """Return the messages of one kind, without the statements and rows they are about."""
    found = re.findall(rf"^pg_\w+: {kind}: (.*)$", said, re.M)
    counted = (one for one in found if not one.startswith("errors ignored on restore"))
    return [re.sub(r"^could not execute query: ERROR:\s+", "", one) for one in counted]
