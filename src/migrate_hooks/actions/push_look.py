"""What an environment says of itself at a push: first what is cheap, then all if it is needed."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from migrate_hooks.actions import push_time
from migrate_hooks.actions.push_facts import Facts
from migrate_hooks.actions.push_time import Deadline
from migrate_hooks.config import targets
from migrate_hooks.errors import Failure, ManyDatabases, Unreachable
from migrate_hooks.ledgers.base import Wanted
from migrate_hooks.model.environment import Environment, Target
from migrate_hooks.model.settings import Settings

if TYPE_CHECKING:
    from migrate_hooks.actions.drift_read import Seen
    from migrate_hooks.outside.postgres import Session

_SHARE = 3 / 8
"""The part of a push's time that one connection or one query may take: of 8 s it is 3."""

_PATIENCE = 0.5
"""Seconds in which nobody said whether all is needed; then it is read: time is what is short."""

_TRIES = 2


@dataclass(frozen=True, slots=True)
class Look:
    """One environment that is being asked, over one connection; `ended` when nothing is left."""

    facts: "Future[Facts]" = field(default_factory=Future)
    seen: "Future[Seen]" = field(default_factory=Future)
    wish: "Future[bool]" = field(default_factory=Future)
    ended: "Future[None]" = field(default_factory=Future)

    def decide(self, *, wanted: bool) -> None:
        """Say whether the whole schema is to be read; only the first word counts."""
        if not self.wish.done():
            self.wish.set_result(wanted)


def begin(
    settings: Settings, environment: Environment, wanted: Callable[[], Wanted], deadline: Deadline
) -> Look:
    """Ask an environment beside us; `wanted` may wait for what says which ledger it has."""
    look = Look()

    def work() -> None:
        try:
            _ask_now_or_recall(settings, environment, wanted, deadline, look)
        except BaseException as wrong:
            _give_up(look, wrong)
        look.ended.set_result(None)

    push_time.start(work)
    return look


def _ask_now_or_recall(
    settings: Settings,
    environment: Environment,
    wanted: Callable[[], Wanted],
    deadline: Deadline,
    look: Look,
) -> None:
    """Ask; where nobody answers and that need not block, say how it was when it was last read."""
    from migrate_hooks.outside import postgres

    target, notes = _target(settings, environment)
    patience = max(1, int(deadline.budget * _SHARE))
    try:
        with postgres.session(target, connect_timeout=patience) as session:
            seen = _ask(session, wanted(), look, patience, notes)
    except Unreachable as failure:
        from migrate_hooks.actions import offline

        was = None if environment.unchecked == "block" else offline.last(settings, target)
        if was is None or look.facts.done():
            raise
        _recall(was, failure, look, notes)
    else:
        if seen:
            from migrate_hooks.actions import offline

            offline.keep(settings, seen)


def _target(settings: Settings, environment: Environment) -> tuple[Target, tuple[str, ...]]:
    """Return the database to ask; of many the first one, and a sentence about that."""
    if not environment.is_many:
        return targets.target(settings, environment.name), ()
    if environment.databases and environment.databases.kind == "query":
        raise ManyDatabases(
            f"the databases of {environment.name} are named by a query of the configuration, and a "
            "hook runs no SQL that a repository brings.",
            f"Name them in a file, or ask by hand: migrate-hooks status --env={environment.name}",
        )
    from migrate_hooks.config import fleet

    found = fleet.members(settings, environment)
    first = found[0].target
    note = (
        f"judged by {first.environment}, the first of {len(found)} databases; for the others: "
        f"migrate-hooks status --env={environment.name}"
    )
    return first, (note,)


def _recall(was: "Seen", failure: Failure, look: Look, notes: tuple[str, ...]) -> None:
    from migrate_hooks.actions import drift_saved

    notes = (*notes, *drift_saved.ages(was))
    look.facts.set_result(Facts(was.target, was.applied, failure=failure, notes=notes))
    look.seen.set_result(was)


def _give_up(look: Look, wrong: BaseException) -> None:
    if not look.facts.done():
        look.facts.set_exception(wrong)
    if not look.seen.done():
        look.seen.set_exception(wrong)


def _ask(
    session: "Session", wanted: Wanted, look: Look, patience: int, notes: tuple[str, ...]
) -> "Seen | None":
    facts = _facts(session, wanted)
    look.facts.set_result(replace(facts, notes=notes))
    if not _is_needed(look):
        return None
    from migrate_hooks.actions import push_reading

    seen = push_reading.find(session, facts) or _read(session, wanted, facts, patience)
    look.seen.set_result(seen)
    return seen


def _facts(session: "Session", wanted: Wanted) -> Facts:
    from migrate_hooks.ledgers import choose, own_tables, store
    from migrate_hooks.schema import stamp

    rows = store.read(session, choose.ledger(session, wanted))
    return Facts(session.target, rows, own_tables.begun(session), stamp.read(session))


def _is_needed(look: Look) -> bool:
    try:
        return look.wish.result(_PATIENCE)
    except TimeoutError:
        return True


def _read(session: "Session", wanted: Wanted, facts: Facts, patience: int) -> "Seen":
    """Read the schema that belongs to the ledger; somebody may be deploying at this moment."""
    from migrate_hooks.actions import drift_read, push_reading

    for _ in range(_TRIES):
        seen = drift_read.in_session(session, facts.applied, patience)
        now = _facts(session, wanted)
        if now.applied == facts.applied and now.stamp == facts.stamp:
            push_reading.keep(facts, seen)
            return seen
        facts = now
    raise Unreachable(
        f"{session.target.environment} changed while it was read: somebody is deploying there.",
        "Push again when that is done.",
    )
