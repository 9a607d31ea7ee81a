"""Schemas that were read before, kept by their stamp: what has not changed is not read again."""

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from migrate_hooks.actions import drift_saved
from migrate_hooks.actions.push_facts import Facts
from migrate_hooks.outside import shots
from migrate_hooks.schema import saved, snapshot

if TYPE_CHECKING:
    from migrate_hooks.actions.drift_read import Seen
    from migrate_hooks.outside.postgres import Session


def find(session: "Session", facts: Facts) -> "Seen | None":
    """Return what a read of the session's database would give, if that is known."""
    data = shots.find(_key(facts))
    was = saved.from_bytes(data) if data else None
    if was is None:
        return None
    return replace(
        drift_saved.seen(was, ""),
        target=session.target,
        address=snapshot.address(session),
        applied=facts.applied,
        failure=None,
        saved_at=None,
    )


def keep(facts: Facts, seen: "Seen") -> None:
    """Keep what was read while `facts` were true; one that is not whole is not kept."""
    if not seen.reading.unchecked:
        shots.keep(_key(facts), saved.to_bytes(drift_saved.as_saved(seen)))


def _key(facts: Facts) -> str:
    target = facts.target
    place = (target.environment, target.address, target.database, target.user)
    return sha256(repr(("reading", place, facts.stamp)).encode()).hexdigest()[:32]
