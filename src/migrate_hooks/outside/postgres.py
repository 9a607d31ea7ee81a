"""The one door to PostgreSQL: psycopg is seen here and nowhere else.

Every query of ours is qualified (`pg_catalog.…`), because a search path belongs to strangers. Text
that libpq or the server wrote is redacted before it becomes a message: libpq echoes parts of a DSN.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg

from migrate_hooks import __version__
from migrate_hooks.errors import ConnectionLost, Failure, LockBusy, QueryFailed, TooOldServer
from migrate_hooks.model.environment import Target
from migrate_hooks.outside.connections import OPEN
from migrate_hooks.outside.unreachable import unreachable

OLDEST_SERVER = 140_000
"""PostgreSQL 14: the oldest server whose catalogs and lock functions are tested."""

_LONGEST = 1_000
"""Characters of one message of the server that anybody would read."""

Query = tuple[str, Sequence[Any]]
"""SQL and the values of its %s; without any, a % stands for itself."""


_APART: tuple[Query, ...] = (
    ("BEGIN", ()),
    ("SET LOCAL search_path = ''", ()),
    ("SET LOCAL lock_timeout = '3s'", ()),
)
_LOCK_TIMEOUT = "55P03"


@dataclass(frozen=True, slots=True)
class Session:
    """An open connection in autocommit mode; BEGIN and COMMIT are said by whoever needs them."""

    connection: psycopg.Connection[tuple[Any, ...]]
    target: Target

    def rows(self, sql: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Run one query and return its rows; raises QueryFailed or ConnectionLost."""
        with _translated(self):
            cursor = self.connection.execute(sql.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def tables(self, sql: str) -> list[tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
        """Run several queries in one round trip; return (column names, rows) of each."""
        with _translated(self):
            cursor = self.connection.execute(sql.encode())
            return [
                (tuple(column.name for column in result.description or ()), result.fetchall())
                for result in cursor.results()
            ]

    def lines(self, sql: str) -> list[bytes]:
        """Run one COPY … TO STDOUT; return its lines as the server wrote them."""
        with (
            _translated(self),
            self.connection.cursor() as cursor,
            cursor.copy(sql.encode()) as all_,
        ):
            return [bytes(line) for line in all_]

    def batch(self, *queries: Query) -> list[list[tuple[Any, ...]]]:
        """Send several statements in one round trip; return the rows of each, in order.

        The first that fails ends the batch. Parameters are bound here and not by the server, which
        takes none for more than one statement.
        """
        with _translated(self):
            cursor = self._send(queries)
            return [result.fetchall() if result.description else [] for result in cursor.results()]

    def last(self, *queries: Query) -> list[tuple[Any, ...]]:
        """Send several statements as `batch` does; return the rows of the last one alone.

        Those of the others are not read: for some of a stranger's Python has no value, and the
        statement has taken effect all the same.
        """
        with _translated(self):
            cursor = self._send(queries)
            while cursor.nextset():
                pass
            return cursor.fetchall() if cursor.description else []

    def _send(self, queries: Sequence[Query]) -> "psycopg.Cursor[tuple[Any, ...]]":
        binder = psycopg.ClientCursor(self.connection)
        texts = (binder.mogrify(sql, bound) if bound else sql for sql, bound in queries)
        # A line's end first: a statement may end in a comment.
        return self.connection.execute("\n;\n".join(texts).encode())

    def apart(self, *queries: Query) -> list[list[tuple[Any, ...]]]:
        """Run queries of ours in a transaction of their own, where no stranger's function counts.

        Return the rows of each. What they name without a schema is the server's own. Raises
        LockBusy where somebody keeps a table locked that they read.
        """
        try:
            return self.batch(*_APART, *queries, ("COMMIT", ()))[len(_APART) : -1]
        except QueryFailed as refused:
            self.roll_back_quietly()
            if refused.sqlstate != _LOCK_TIMEOUT:
                raise
            raise _locked(self.target.environment) from None

    def value(self, sql: str, parameters: Sequence[Any] | None = None) -> Any:
        """Return the first column of the only row."""
        return self.rows(sql, parameters)[0][0]

    def run(self, sql: str) -> None:
        """Run SQL that has no parameters and whose rows nobody wants."""
        with _translated(self):
            self.connection.execute(sql.encode())

    @property
    def version(self) -> int:
        """The server's version as a number, such as 180004."""
        return self.connection.info.server_version

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction block is open, healthy or failed."""
        status = self.connection.info.transaction_status
        return status != psycopg.pq.TransactionStatus.IDLE

    @property
    def encrypted(self) -> bool:
        """Whether TLS protects our own connection, which may end at a pooler."""
        return bool(self.connection.pgconn.ssl_in_use)

    def backend(self) -> int:
        """Return the process id of the backend that answers now."""
        return int(self.value("SELECT pg_catalog.pg_backend_pid()"))

    def speak_utf8(self) -> None:
        """Take back the client_encoding that a file may have set: what we send is UTF-8."""
        if self.connection.info.encoding != "utf-8":
            self.run("RESET client_encoding")

    def roll_back_quietly(self) -> None:
        """Leave any open transaction; a connection that is already gone has none."""
        with suppress(psycopg.Error):
            self.connection.execute(b"ROLLBACK")


@contextmanager
def session(target: Target, *, connect_timeout: int = 10) -> Iterator[Session]:
    """Open `target`, yield a Session, close it.

    `connect_timeout` in seconds. Raises Unreachable when there is no connection, TooOldServer
    when the server is older than OLDEST_SERVER.
    """
    connection = _connect(target, connect_timeout)
    OPEN.add(connection)
    try:
        _check_version(connection.info.server_version, target)
        yield Session(connection, target)
    finally:
        OPEN.discard(connection)
        with suppress(psycopg.Error):
            connection.close()


def is_behind_transaction_pooler(session_: Session) -> bool:
    """Return whether another client may get our backend between two of our transactions.

    A pooler greets with a process id that it made up, in every mode. Only one that hands backends
    out by transaction gives a second connection the backend that ours has just used.
    """
    if session_.backend() == session_.connection.info.backend_pid:
        return False
    with session(session_.target) as other:
        return any(session_.backend() == other.backend() for _ in range(3))


def _connect(target: Target, connect_timeout: int) -> psycopg.Connection[tuple[Any, ...]]:
    words: dict[str, Any] = {
        # Variables of the shell (PGHOST and the like) must not decide what the DSN left open:
        # what is shown as the place is the place.
        "host": "",
        "hostaddr": "",
        "port": target.port,
        "options": "",
        "keepalives": 1,
        "keepalives_idle": 15,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        # Where what we sent is never acknowledged keepalives do not count, and without this the
        # system goes on for a quarter of an hour.
        "tcp_user_timeout": 30_000,
        "client_encoding": "utf8",
        **target.parameters,
        "connect_timeout": _patience(target, connect_timeout),
        "application_name": f"migrate-hooks/{__version__}",
    }
    if target.password is not None:
        words["password"] = target.password.reveal()
    try:
        return psycopg.connect("", autocommit=True, prepare_threshold=None, **words)
    except UnicodeError:  # Python's, about a host name that cannot be one
        raise unreachable(target, "failed to resolve host") from None
    except psycopg.Error as wrong:
        raise unreachable(target, redact(str(wrong), target)) from None


def _patience(target: Target, seconds: int) -> str:
    """Return how long to try: the DSN may be less patient than its caller, never more so."""
    own = target.parameters.get("connect_timeout") or "0"
    return own if not own.isdigit() or 0 < int(own) < seconds else str(seconds)


def _check_version(version: int, target: Target) -> None:
    if version < OLDEST_SERVER:
        raise TooOldServer(
            f"{target.environment} runs PostgreSQL {_spell(version)}; "
            f"the oldest supported version is {OLDEST_SERVER // 10_000}.",
            "Upgrade the server before using migrate-hooks with it.",
        )


def _spell(version: int) -> str:
    if version >= 100_000:
        return f"{version // 10_000}.{version % 10_000}"
    return f"{version // 10_000}.{version // 100 % 100}.{version % 100}"


def _locked(environment: str) -> LockBusy:
    return LockBusy(
        f"Another session keeps a table of {environment} locked that we have to read first (one of "
        "schema migrate_hooks, or of the server's catalogs); waited 3 s for it. Nothing was done.",
        "Wait until that session is done, then run the same command again.",
    )


def redact(text: str, target: Target) -> str:
    """Return `text` without the target's password, as written or percent-encoded."""
    from urllib.parse import quote

    if target.password is None or not target.password.reveal():
        return text
    secret = target.password.reveal()
    for form in sorted({secret, quote(secret, safe=""), quote(secret)}, key=len, reverse=True):
        text = text.replace(form, "***")
    return text


@contextmanager
def _translated(session: Session) -> Iterator[None]:
    """Turn psycopg's exceptions into ours, once, here."""
    try:
        yield
    except psycopg.Error as wrong:
        raise _translate(wrong, session) from None


def _translate(wrong: psycopg.Error, session: Session) -> Failure:
    said = _told(wrong.diag.message_primary or str(wrong).strip() or "no reason given", session)
    if session.connection.broken or session.connection.closed:
        return ConnectionLost(
            f"The connection to {session.target.environment} was lost: {said.splitlines()[0]}",
            f"See what took effect: migrate-hooks status --env={session.target.environment}",
        )
    parts = [said]
    if wrong.diag.message_detail:
        parts.append(f"Detail: {_told(wrong.diag.message_detail, session)}")
    position = wrong.diag.statement_position
    return QueryFailed(
        " ".join(parts),
        _told(wrong.diag.message_hint or "", session),
        wrong.sqlstate or "",
        int(position) if position else None,
    )


def _told(text: str, session: Session) -> str:
    """Return what the server said, without the password, and not a whole file that it repeats."""
    safe = redact(text, session.target)
    return safe if len(safe) <= _LONGEST else f"{safe[:_LONGEST]}…"
