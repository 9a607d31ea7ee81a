"""A shelf of answers that cost time: texts by key, in one SQLite file of the user's cache folder.

It makes things quicker or does nothing: locked, corrupt, read-only or full, it answers "not known"
and keeps nothing. Two processes may use it at once.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from migrate_hooks.outside.files import cache_folder

_MOST_ROWS = 20_000
_WAIT_SECONDS = 0.2
_TABLE = (
    "CREATE TABLE IF NOT EXISTS answers "
    "(key TEXT PRIMARY KEY, answer TEXT NOT NULL, at INTEGER NOT NULL DEFAULT (unixepoch())) "
    "WITHOUT ROWID"
)

_FIND = (
    "SELECT key, answer FROM answers "
    "WHERE key IN (SELECT value FROM json_each(?)) AND typeof(answer) = 'text'"
)


def key(*parts: str) -> str:
    """Return one key for several texts, none of which can be taken for another's end."""
    digest = sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:%s" % (len(data), data))
    return digest.hexdigest()


def find(keys: Sequence[str]) -> dict[str, str]:
    """Return {key: answer} of those that are known."""
    found: dict[str, str] = {}
    with contextlib.suppress(sqlite3.Error, OSError), _opened() as connection:
        found.update(connection.execute(_FIND, (json.dumps(list(keys)),)))
    return found


def keep(answers: Mapping[str, str]) -> None:
    """Keep the answers; the oldest are dropped when there are too many."""
    with contextlib.suppress(sqlite3.Error, OSError), _opened() as connection, connection:
        connection.executemany(
            "INSERT OR REPLACE INTO answers (key, answer) VALUES (?, ?)", answers.items()
        )
        (count,) = connection.execute("SELECT count(*) FROM answers").fetchone()
        if count > _MOST_ROWS:
            connection.execute(
                "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY at LIMIT ?)",
                (count - _MOST_ROWS // 2,),
            )


def place() -> Path:
    """Return the file."""
    return cache_folder() / "lint.sqlite"


@contextlib.contextmanager
def _opened() -> Iterator[sqlite3.Connection]:
    file = place()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with closing(sqlite3.connect(file, timeout=_WAIT_SECONDS)) as connection:
        file.chmod(0o600)
        connection.execute(_TABLE)
        yield connection
