"""Who keeps us waiting: a second connection looks while a statement takes long.

Once the server has given up waiting it no longer tells who was in the way, so one must look before.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from migrate_hooks.errors import Failure
from migrate_hooks.model.environment import Target
from migrate_hooks.outside import postgres

_EVERY_SECONDS = 0.1
_BLOCKERS = """
SELECT blocker.pid, coalesce(blocker.application_name, ''), coalesce(blocker.state, 'unknown'),
    coalesce(pg_catalog.date_trunc('second',
        pg_catalog.clock_timestamp() - blocker.query_start)::pg_catalog.text, 'an unknown time'),
    coalesce((SELECT waiting.mode || coalesce(' on ' || CASE
            WHEN waiting.relation IS NULL THEN waiting.locktype
            ELSE namespace.nspname || '.' || class.relname END, '')
        FROM pg_catalog.pg_locks AS waiting
        LEFT JOIN pg_catalog.pg_class AS class ON class.oid = waiting.relation
        LEFT JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
        WHERE waiting.pid = %s AND NOT waiting.granted LIMIT 1), 'a lock')
FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(%s)) AS blocking (pid)
JOIN pg_catalog.pg_stat_activity AS blocker ON blocker.pid = blocking.pid
LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Blocker:
    """A session in the way: `age` is that of its present or last query, `lock` what we wait for."""

    pid: int
    application: str
    state: str
    age: str
    lock: str

    @property
    def spelled(self) -> str:
        """The blocker for a sentence."""
        name = f"{self.application}, " if self.application else ""
        return f"process {self.pid} ({name}{self.state}, its query began {self.age} ago)"


class Lookout:
    """Watches one backend; `blocker` is who was last seen in its way during this statement."""

    def __init__(self, target: Target, pid: int, patience: float, tell: Callable[[Blocker], None]):
        self.blocker: Blocker | None = None
        self._target, self._pid, self._patience, self._tell = target, pid, patience, tell
        self._since: float | None = None
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def during(self) -> Iterator[None]:
        """Watch while a statement runs; who was seen before counts no more."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._watch, daemon=True)
            self._thread.start()
        self.blocker = None
        self._since = time.monotonic()
        try:
            yield
        finally:
            self._since = None

    def end(self) -> None:
        """Stop watching."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout=1)

    def _is_late(self) -> bool:
        since = self._since
        return since is not None and time.monotonic() - since > self._patience

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            if self._is_late():
                self._look_closely()

    def _look_closely(self) -> None:
        """Look again and again until the statement ends, over a connection for this purpose."""
        try:
            with postgres.session(self._target) as session:
                while self._is_late() and not self._ended.wait(_EVERY_SECONDS):
                    self._see(session)
        except Failure:
            self._ended.wait(1)  # no connection to spare: the work itself goes on

    def _see(self, session: postgres.Session) -> None:
        (rows,) = session.apart((_BLOCKERS, (self._pid, self._pid)))
        if rows and self._since is not None:
            seen, known = Blocker(*rows[0]), self.blocker
            self.blocker = seen
            if known is None or known.pid != seen.pid:
                self._tell(seen)
