"""One environment as `drift` needs to know it: what it contains, and what its ledger says."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from migrate_hooks.errors import Failure, Refused
from migrate_hooks.ledgers.base import Wanted
from migrate_hooks.model.environment import Target
from migrate_hooks.model.history import Applied
from migrate_hooks.schema.scope import PROVIDER_SCHEMAS
from migrate_hooks.schema.snapshot import Reading

if TYPE_CHECKING:
    from migrate_hooks.outside.postgres import Session

# Who made most of what is there is who runs the migrations; the database's owner where nothing is.
_ROLES = """
SELECT pg_catalog.pg_get_userbyid(d.datdba)::text, COALESCE(
    (
        SELECT pg_catalog.pg_get_userbyid(c.relowner)::text
        FROM pg_catalog.pg_class AS c
        JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
        WHERE n.nspname OPERATOR(pg_catalog.!~) '^pg_'
          AND n.nspname::text OPERATOR(pg_catalog.<>) ALL (%s)
        GROUP BY 1 ORDER BY pg_catalog.count(*) DESC, 1 LIMIT 1
    ),
    pg_catalog.pg_get_userbyid(d.datdba)::text
)
FROM pg_catalog.pg_database AS d
WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """One environment, read.

    `address` is what only the same database has too; `owner` the role that it belongs to, `worker`
    the one that migrations run as: both are "" where no ledger was asked for.
    `applied` are the rows of its ledger, or `failure` says why they are not known. `saved_at` is
    None unless it is no database that was read, but a snapshot that was saved then; `target` has
    the file as its source, and cannot be talked to.
    """

    target: Target
    address: tuple[str, ...]
    major: int
    owner: str
    worker: str
    reading: Reading
    applied: tuple[Applied, ...] = ()
    failure: Failure | None = None
    saved_at: datetime | None = None


def both(
    source: Target,
    target: Target,
    wanted: Wanted | None = None,
    *,
    connect_timeout: int = 10,
    query_timeout: int = 30,
) -> tuple[Seen, Seen]:
    """Read two environments at the same time; raises Refused when they are one database."""
    return both_asking(
        source,
        target,
        lambda: wanted,
        connect_timeout=connect_timeout,
        query_timeout=query_timeout,
    )


def both_asking(
    source: Target,
    target: Target,
    wanted: Callable[[], Wanted | None],
    *,
    connect_timeout: int = 10,
    query_timeout: int = 30,
) -> tuple[Seen, Seen]:
    """Read two environments as `asking` does; raises Refused when they are one database."""
    here, there = asking((source, target), wanted, connect_timeout, query_timeout)
    refuse_same(here, there)
    return here, there


def asking(
    places: Sequence[Target],
    wanted: Callable[[], Wanted | None],
    connect_timeout: int = 10,
    query_timeout: int = 30,
) -> tuple[Seen, ...]:
    """Read environments at the same time, and meanwhile ask which ledger is `wanted`."""
    ledger: Future[Wanted | None] = Future()
    with ThreadPoolExecutor(len(places)) as pool:
        begun = [
            pool.submit(_one, each, ledger.result, connect_timeout, query_timeout)
            for each in places
        ]
        try:
            ledger.set_result(wanted())
        except BaseException as stopped:
            ledger.set_exception(stopped)
            raise
        return tuple(each.result() for each in begun)


def one(
    target: Target, wanted: Wanted | None, connect_timeout: int = 10, query_timeout: int = 30
) -> Seen:
    """Read one environment, and the ledger `wanted` if any; both timeouts in seconds.

    Raises Unreachable, UnsupportedServer, ConnectionLost.
    """
    return _one(target, lambda: wanted, connect_timeout, query_timeout)


def _one(
    target: Target, ask: Callable[[], Wanted | None], connect_timeout: int, query_timeout: int
) -> Seen:
    """Read one environment; `ask` says which ledger is wanted, if any, once the rest is read."""
    from migrate_hooks.outside import postgres

    with postgres.session(target, connect_timeout=connect_timeout) as session:
        seen = in_session(session, (), query_timeout)
        wanted = ask()
        if not wanted:
            return replace(seen, owner="", worker="")
        rows, failure = _ledger(session, wanted)
        return replace(seen, applied=rows, failure=failure)


def in_session(session: "Session", applied: tuple[Applied, ...], query_timeout: int) -> Seen:
    """Read the environment of an open session whose ledger has the rows `applied`."""
    from migrate_hooks.schema import snapshot

    reading = snapshot.read(session, session.target.environment, query_timeout)
    address, (owner, worker) = snapshot.address(session), _roles(session)
    major = session.version // 10_000
    return Seen(session.target, address, major, owner, worker, reading, applied)


def _roles(session: "Session") -> tuple[str, str]:
    """Return who owns the database, and who runs its migrations."""
    schemas = [*PROVIDER_SCHEMAS, "information_schema"]
    owner, worker = session.rows(_ROLES, [schemas])[0]
    return str(owner), str(worker)


def _ledger(session: "Session", wanted: Wanted) -> tuple[tuple[Applied, ...], Failure | None]:
    from migrate_hooks.ledgers import choose, store

    try:
        return store.read(session, choose.ledger(session, wanted)), None
    except Failure as failure:
        return (), failure


def refuse_same(here: Seen, there: Seen) -> None:
    """Raise Refused where two environments are one database."""
    source, target = here.target, there.target
    if here.address and here.address == there.address:
        raise Refused(
            f"{source.environment} and {target.environment} are the same database "
            f"({target.address}, {target.database}), so comparing them cannot find anything.",
            f"Check {source.source} and {target.source}: one of them holds the other's DSN.",
        )
