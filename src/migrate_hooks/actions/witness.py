"""A second connection that is asked what became of the first one's work."""

from collections.abc import Iterator
from contextlib import contextmanager

from migrate_hooks.errors import Unreachable
from migrate_hooks.model.environment import Target
from migrate_hooks.outside import postgres

_SECONDS = 5


@contextmanager
def session(target: Target) -> Iterator[postgres.Session]:
    """Yield a session on the primary server; raises Unreachable where only a standby answers.

    A standby has not heard yet of what was committed last: it would call it undone.
    """
    with postgres.session(target, connect_timeout=_SECONDS) as fresh:
        if fresh.value("SELECT pg_catalog.pg_is_in_recovery()"):
            raise Unreachable(
                f"{target.environment} is answered for by a standby ({target.address}), which does "
                "not know what was committed last.",
                f"Wait until a primary server is there again, and see what {target.source} names.",
            )
        yield fresh
