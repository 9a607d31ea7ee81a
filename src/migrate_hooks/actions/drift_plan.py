"""A repair as parts that can be files: what each does, and what takes exactly that back."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from migrate_hooks.actions import drift_route, replica
from migrate_hooks.actions.drift_batches import Aim, Left, Mode, Route
from migrate_hooks.actions.replica import Replica
from migrate_hooks.history import hazards
from migrate_hooks.model.schema import Snapshot
from migrate_hooks.schema.remedy import Key, Piece
from migrate_hooks.sql.operations import operations
from migrate_hooks.sql.split import statements

if TYPE_CHECKING:
    from migrate_hooks.outside.postgres import Session

Pieces = tuple[tuple[Key, Piece], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Statements of one file; `kept` is what its DOWN cannot take back, and why."""

    mode: Mode
    up: Pieces
    down: Pieces
    kept: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A way there and back: what is there at its end, and what it leaves as it is."""

    parts: tuple[Part, ...]
    end: Snapshot
    left: tuple[Left, ...]
    roles: frozenset[str]


def make(base: Replica, goal: Snapshot, version: int, allowed: frozenset[str]) -> Plan:
    """Return the way from a replica to the goal, and back, for servers of `version`.

    `allowed` are hazards by name that a statement may be; others that lose data are left.
    """
    aim = Aim(goal, version, _refusing(allowed), makes_roles=base.makes_roles)
    return replica.gone(base, aim, partial(_with_way_back, base, replace(aim, refuse=_never)))


def _with_way_back(base: Replica, aim: Aim, session: "Session", route: Route) -> Plan:
    """Return the plan of a way that the session's copy has gone: it now goes back part by part."""
    states = [base.have, *(batch.after for batch in route.batches)]
    parts: list[Part] = []
    now: Snapshot | None = states[-1]
    for place in reversed(range(len(route.batches))):
        last = route.batches[place]
        only = Mode.ALONE if last.mode is Mode.ALONE else Mode.WHOLE
        there = replace(aim, goal=states[place], only=only)
        back = drift_route.find(session, now, there, {}) if now else None
        if back is None or not all(one.refused for one in back.left):
            now = None  # what is on this copy now is neither the one state nor the other
            back = replica.settled(base, there, route.batches[: place + 1])
        elif back.batches:
            now = back.batches[-1].after
        down = tuple(one for batch in back.batches for one in batch.pieces)
        parts.insert(0, Part(last.mode, last.pieces, down, back.left))
    return Plan(tuple(parts), states[-1], route.left, route.roles)


def told_hazards(piece: Piece) -> tuple[tuple[str, str], ...]:
    """Return (name, what it does) of each hazard of a statement."""
    return hazards.of_sql(operations(statements(piece.sql)))


def _never(piece: Piece) -> str:
    """Return why a statement of DOWN must not run: what it loses is what UP brought."""
    return piece.reason


def _refusing(allowed: frozenset[str]) -> Callable[[Piece], str]:
    def refuse(piece: Piece) -> str:
        if piece.reason or not piece.loses:
            return piece.reason
        names = [name for name, _ in told_hazards(piece)]
        if names and allowed.issuperset(names):
            return ""
        words = " ".join(f"--allow={name}" for name in names if name not in allowed)
        return f"it loses {piece.loses}" + (f" ({words} writes it all the same)" if words else "")

    return refuse
