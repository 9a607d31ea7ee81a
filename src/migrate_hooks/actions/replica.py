"""A scratch copy of what an environment contains: to try on it what is not to be tried there."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from migrate_hooks.actions import drift_causes, drift_route, replay, replay_ground
from migrate_hooks.actions.drift_batches import Aim, Batch, Left, Route
from migrate_hooks.actions.drift_causes import History
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.replay import Setup
from migrate_hooks.actions.sources import Source
from migrate_hooks.errors import Failure, ReplayFailed
from migrate_hooks.model.schema import Snapshot
from migrate_hooks.model.settings import Settings
from migrate_hooks.schema import causes, repair, snapshot
from migrate_hooks.schema.causes import Terms
from migrate_hooks.schema.compare import compare
from migrate_hooks.schema.identity import dotted
from migrate_hooks.schema.remedy import Key
from migrate_hooks.schema.snapshot import Reading

if TYPE_CHECKING:
    from migrate_hooks.outside.postgres import Session
    from migrate_hooks.outside.scratch import Workshop

T = TypeVar("T")

SHARED = "subscription"
"""The kind that is kept for the whole server, so that no copy of a database has it."""


@dataclass(frozen=True, slots=True)
class Replica:
    """A scratch database that is never changed, only copied; `have` is what it contains.

    `lacks` are objects of the environment that it has not, or not as they are there. `roles` had to
    be made for it.
    """

    shop: "Workshop"
    name: str
    have: Snapshot
    lacks: tuple[Left, ...] = ()
    roles: frozenset[str] = frozenset()

    @property
    def makes_roles(self) -> bool:
        """Whether the server is ours, so that roles may be made on it."""
        return self.shop.ground.installation is not None


def on_present(settings: Settings, files: Source, seen: Seen, work: Callable[[Replica], T]) -> T:
    """Return what `work` makes of a scratch copy of an environment as it is now.

    Raises what a replay raises, where there is nothing to make the copy of.
    """
    own = drift_causes.history(settings, files, seen)

    def on(setup: Setup) -> T:
        with present(setup, own) as copy:
            return work(copy)

    return replay_ground.on_first_that_fits(settings, files, seen, on)


@contextmanager
def of_files(setup: Setup, own: History) -> Iterator[Replica]:
    """Yield what the migrations make that are applied in an environment; raises ReplayFailed."""
    pieces = own.past.pieces
    shot = replay.shots(setup, pieces, {len(pieces)})[len(pieces)]
    with replay.database(setup, pieces) as (shop, name):
        yield Replica(shop, name, copied(shot.reading))


@contextmanager
def present(setup: Setup, own: History) -> Iterator[Replica]:
    """Yield what an environment contains now.

    That is what its migrations make and what was changed by hand on top, or else what pg_dump finds
    there. See what it lacks. Raises ReplayFailed where there is neither.
    """
    pieces = own.past.pieces
    try:
        replay.shots(setup, pieces, {len(pieces)})
    except ReplayFailed as failure:
        with _shop(setup) as shop, _dumped(shop, setup, own, failure) as copy:
            yield copy
        return
    with of_files(setup, own) as made, _changed(made, setup, own) as copy:
        yield copy


@contextmanager
def _changed(made: Replica, setup: Setup, own: History) -> Iterator[Replica]:
    there = copied(own.seen.reading)
    by_hand = hand_made(made.have, there, setup, own)
    if not by_hand:
        yield made
        return
    aim = Aim(
        repair.goal(made.have, there, by_hand),
        own.seen.reading.version,
        lambda _piece: "",
        makes_roles=made.makes_roles,
    )
    route = settled(made, aim)
    with after(made, route) as copy:
        if not copy.lacks or own.seen.saved_at:
            yield copy
            return
        first = copy.lacks[0]
        failure = ReplayFailed(
            f"No scratch copy of {own.seen.target.environment} can be made of its migrations: "
            f"{called(first.key)} cannot be made like the one there ({first.reason}).",
            "Change that by hand, or let a pg_dump of the server's version be found "
            "(MIGRATE_HOOKS_PG_BINDIR), then run the command again.",
        )
        with _dumped(made.shop, setup, own, failure) as copy:
            yield copy


def copied(reading: Reading) -> Snapshot:
    """Return what was read, as far as a copy of the database can have it."""
    whole = snapshot.whole(reading)
    return replace(whole, objects=tuple(one for one in whole.objects if one.kind != SHARED))


def called(key: Key) -> str:
    """Return how an object is called in a sentence."""
    return f"{key[0]} {' '.join(dotted(key[1]).split())}"


def _shop(setup: Setup) -> "AbstractContextManager[Workshop]":
    from migrate_hooks.outside import scratch

    return scratch.workshop(setup.ground, setup.worker, setup.owner, setup.search_path)


@contextmanager
def _dumped(
    shop: "Workshop", setup: Setup, own: History, failure: ReplayFailed
) -> Iterator[Replica]:
    """Yield what pg_dump finds there; raises `failure` where it cannot, or leaves something out."""
    from migrate_hooks.actions import replica_dump
    from migrate_hooks.outside import scratch

    if own.seen.saved_at:
        raise failure
    with ExitStack() as stack:
        try:
            name = stack.enter_context(replica_dump.database(shop, own.seen))
        except Failure:
            raise failure from None
        with scratch.visit(shop, name) as session:
            have = snapshot.take(session, replay.ENVIRONMENT)
        if hand_made(have, copied(own.seen.reading), setup, own):
            raise failure
        yield Replica(shop, name, have)


def hand_made(have: Snapshot, there: Snapshot, setup: Setup, own: History) -> tuple[Key, ...]:
    """Return what is in an environment in another way than its files make it, by hand."""
    provided = any(piece.label.endswith(replay_ground.SUPABASE) for piece in setup.prelude)
    terms = Terms(setup.ground.major, frozenset(), provided)
    found = compare(have, there, ())
    told = causes.of_one(found, own.seen.target.environment, own.seen.major, terms)
    return tuple((each.kind, each.identity) for each in told if not each.explained)


def settled(base: Replica, aim: Aim, lead: Sequence[Batch] = ()) -> Route:
    """Return the way from `base` to the aim, tried on fresh copies until all of it runs.

    It starts where `lead` ends, which is run on each copy first.
    """
    return gone(base, aim, lambda _session, route: route, lead)


def gone(
    base: Replica, aim: Aim, then: "Callable[[Session, Route], T]", lead: Sequence[Batch] = ()
) -> T:
    """Return what `then` makes of a session on the copy that the whole way was gone on."""
    have = lead[-1].after if lead else base.have
    out: dict[Key, Left] = {}
    while True:
        with fork(base) as session:
            _run(session, lead)
            route = drift_route.find(session, have, aim, out)
            stuck = {one.key: one for one in route.left if not one.refused}
            if stuck.keys() <= out.keys():
                return then(session, route)
        out |= stuck


@contextmanager
def after(base: Replica, route: Route) -> Iterator[Replica]:
    """Yield a copy on which the whole way was gone."""
    from migrate_hooks.outside import scratch

    with scratch.copy(base.shop, base.name) as name:
        with scratch.visit(base.shop, name) as session:
            _run(session, route.batches)
        have = route.batches[-1].after if route.batches else base.have
        yield Replica(base.shop, name, have, route.left, route.roles)


def _run(session: "Session", batches: Sequence[Batch]) -> None:
    for batch in batches:
        for _, piece in batch.pieces:
            session.run(piece.sql)


@contextmanager
def fork(base: Replica) -> "Iterator[Session]":
    """Yield a session in a fresh copy, which is gone afterwards."""
    from migrate_hooks.outside import scratch

    with (
        scratch.copy(base.shop, base.name) as name,
        scratch.visit(base.shop, name) as session,
    ):
        yield session
