"""The order of a repair, found by trying it on a scratch copy: what fails waits for the rest.

Statements come in batches, each of which can be a file: those that run in one transaction, those
that cannot run in any (CONCURRENTLY), and long ones with weak locks (VALIDATE CONSTRAINT).
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from migrate_hooks.actions.drift_batches import Aim, Batch, Left, Mode, Route
from migrate_hooks.errors import QueryFailed
from migrate_hooks.model.schema import Change, Snapshot
from migrate_hooks.schema import dependents, repair, snapshot
from migrate_hooks.schema.compare import HANG_ON
from migrate_hooks.schema.remedy import Key, Piece
from migrate_hooks.schema.repair import Step

if TYPE_CHECKING:
    from migrate_hooks.outside.postgres import Session

_MOST_TRIES = 2
"""How often an object may take statements before it is said that they do not help."""

_IN_THE_WAY = frozenset({"2BP01", "0A000"})
_NOT_REPLACED = frozenset({"42P13", "42P16"})  # other columns, or another result
_NO_OBJECT = "42704"
_ROLE = re.compile(r'role "(.+)" does not exist')
_CONCURRENTLY = re.compile(r"\bCONCURRENTLY ")
_STAYS = "the statement runs, and the object is afterwards not as it should be"


@dataclass(slots=True)
class _Queue:
    """The pieces of an object that have not run yet; `wrong` is why the first one did not."""

    step: Step
    rest: list[Piece]
    wrong: QueryFailed | None = None


@dataclass(slots=True)
class _Way:
    session: "Session"
    aim: Aim
    goal: Snapshot
    now: Snapshot
    queues: list[_Queue] = field(default_factory=list)
    running: list[tuple[Key, Piece]] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    left: dict[Key, Left] = field(default_factory=dict)
    tries: Counter[tuple[Key, Change]] = field(default_factory=Counter)
    cleared: set[Key] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    is_stale: bool = False


def find(session: "Session", have: Snapshot, aim: Aim, out: Mapping[Key, Left]) -> Route:
    """Bring the session's database from `have` to where it should be; return what that took.

    `out` is known not to go. What else does not go is among what is left: begin again without it.
    """
    way = _Way(session, aim, repair.goal(aim.goal, have, out), have, left=dict(out))
    _ask(way, lambda _step: True)
    while True:
        if _whole(way) or _single(way, "alone", Mode.ALONE) or _single(way, "apart", Mode.APART):
            continue
        if way.queues:
            _give_up(way)
        elif not _ask(way, lambda _step: True):
            break
    for each in repair.differences(way.now, way.goal):
        key = (each.kind, each.identity)
        way.left.setdefault(key, Left(key, (), _STAYS))
    return Route(tuple(way.batches), tuple(way.left.values()), frozenset(way.roles))


def _ask(way: _Way, wanted: Callable[[Step], bool]) -> bool:
    """Queue what is still to be done, as far as it is wanted; return whether there was anything."""
    waiting = {queue.step.key for queue in way.queues}
    count = len(way.queues)
    for step in repair.steps(way.now, way.goal, way.aim.version):
        if step.key in waiting or step.key in way.left or not wanted(step):
            continue
        way.tries[step.key, step.change] += 1
        if way.tries[step.key, step.change] <= _MOST_TRIES:
            _queue(way, step)
    return len(way.queues) > count


def _queue(way: _Way, step: Step) -> None:
    refused = [(piece, why) for piece in step.pieces if (why := way.aim.refuse(piece))]
    if refused:
        sql = tuple(one.sql for one, _ in refused)
        way.left[step.key] = Left(step.key, sql, refused[0][1], refused=True)
        if step.change is not Change.CHANGED:
            way.goal = repair.goal(way.goal, way.now, [step.key])
            return
    kept = [_fitting(piece, way.aim.only) for piece in step.pieces if not way.aim.refuse(piece)]
    if kept:
        way.queues.append(_Queue(step, kept))


def _fitting(piece: Piece, only: Mode | None) -> Piece:
    """Return a piece as it can stand in the one batch that there may be."""
    if only is None:
        return piece
    is_bound = piece.alone and only is Mode.WHOLE
    sql = _CONCURRENTLY.sub("", piece.sql, count=1) if is_bound else piece.sql
    return replace(piece, sql=sql, alone=False, apart=False)


def _whole(way: _Way) -> bool:
    """Run what needs nothing but a transaction, until nothing more goes; end that batch."""
    plain = way.aim.only or Mode.WHOLE
    while True:
        ran = _run(way, lambda piece: not (piece.alone or piece.apart), plain)
        if not ran and not _clear(way):
            break
        if ran and not any(map(_is_plain, way.queues)):
            way.now = _seen(way)
            _ask(way, _is_missing)
    return _end(way, plain)


def _is_plain(queue: _Queue) -> bool:
    return not (queue.rest[0].alone or queue.rest[0].apart)


def _is_missing(step: Step) -> bool:
    """Return whether a step mends what others took along, rather than what they need for a time."""
    return step.change is not Change.UNEXPECTED or step.key[0] in HANG_ON


def _single(way: _Way, flag: str, mode: Mode) -> bool:
    """Run what has to stand apart, and what is said about it; end that batch."""
    ran = _run(way, lambda piece: getattr(piece, flag) and not piece.strong, mode)
    if _run(way, lambda piece: bool(getattr(piece, flag)), mode) or ran:
        way.now = _seen(way)
        if _ask(way, lambda step: step.key[0] in HANG_ON):
            _run(way, lambda piece: not (piece.alone or piece.apart), mode)
    return _end(way, mode)


def _run(way: _Way, fits: Callable[[Piece], bool], mode: Mode) -> bool:
    """Run what fits, round after round; return whether anything ran."""
    count = len(way.running)
    in_transaction = mode is not Mode.ALONE
    if in_transaction:
        way.session.run("BEGIN")
    before = -1
    while before < len(way.running):
        before = len(way.running)
        for queue in _first_of_each(way.queues):
            while queue.rest and fits(queue.rest[0]) and _goes(way, queue, in_transaction):
                way.running.append((queue.step.key, queue.rest.pop(0)))
                way.is_stale = True
        way.queues = [queue for queue in way.queues if queue.rest]
    if in_transaction:
        way.session.run("COMMIT")
    return len(way.running) > count


def _first_of_each(queues: Iterable[_Queue]) -> Iterator[_Queue]:
    """Yield the queues whose turn it is: what is made again waits until it is removed."""
    seen: set[Key] = set()
    for queue in tuple(queues):
        if queue.step.key not in seen:
            yield queue
        if queue.rest:
            seen.add(queue.step.key)


def _goes(way: _Way, queue: _Queue, in_transaction: bool) -> bool:
    try:
        _try(way.session, queue.rest[0].sql, in_transaction)
    except QueryFailed as wrong:
        queue.wrong = wrong
        role = _ROLE.search(wrong.message) if wrong.sqlstate == _NO_OBJECT else None
        if role is None or not way.aim.makes_roles or role[1] in way.roles:
            return False
        way.roles.add(role[1])
        doubled = role[1].replace('"', '""')
        way.session.run(f'CREATE ROLE "{doubled}"')
        return _goes(way, queue, in_transaction)
    return True


def _try(session: "Session", sql: str, in_transaction: bool) -> None:
    if not in_transaction:
        session.run(sql)
        return
    session.run("SAVEPOINT one_piece")
    try:
        session.run(sql)
    except QueryFailed:
        session.run("ROLLBACK TO one_piece")
        raise
    session.run("RELEASE one_piece")


def _clear(way: _Way) -> bool:
    """Queue the removal of what stays and stands in the way; closing makes it again."""
    if not any(queue.wrong for queue in way.queues):
        return False
    way.now = _seen(way)
    found = [step for step in map(partial(_removal, way), _obstacles(way)) if step is not None]
    for step in found:
        way.cleared.add(step.key)
        way.queues = [one for one in way.queues if one.step.key != step.key]
        pieces = [_fitting(one, way.aim.only) for one in step.pieces]
        way.queues.append(_Queue(step, pieces))
    return bool(found)


def _obstacles(way: _Way) -> tuple[Key, ...]:
    """Return what is to be removed for a time: what others are built on, or cannot be replaced."""
    kept = repair.by_key(way.goal)
    known = {queue.step.key for queue in way.queues} | way.cleared | way.left.keys()
    found: dict[Key, None] = {}
    for queue in way.queues:
        code = queue.wrong.sqlstate if queue.wrong and _is_plain(queue) else ""
        if code in _NOT_REPLACED and queue.step.change is Change.CHANGED:
            found[queue.step.key] = None
        elif code in _IN_THE_WAY:
            used = dependents.of(way.session, queue.step.key)
            found |= {key: None for key in used if key in kept and key not in known}
    return tuple(found)


def _removal(way: _Way, key: Key) -> Step | None:
    return repair.removal(key, way.now, way.goal, way.aim.version)


def _end(way: _Way, mode: Mode) -> bool:
    """Close the batch that ran, if one did."""
    if not way.running:
        return False
    way.now = _seen(way)
    way.batches.append(Batch(mode, tuple(way.running), way.now))
    way.running = []
    there = repair.by_key(way.now)
    way.queues = [one for one in way.queues if not _is_gone(one, there)]
    for queue in way.queues:
        queue.wrong = None
    return True


def _is_gone(queue: _Queue, there: Collection[Key]) -> bool:
    """Return whether something else took along what was still to be removed."""
    return queue.step.change is Change.UNEXPECTED and queue.step.key not in there


def _seen(way: _Way) -> Snapshot:
    if way.is_stale:
        way.is_stale = False
        return snapshot.take(way.session, way.now.environment)
    return way.now


def _give_up(way: _Way) -> None:
    """Leave out what PostgreSQL refuses whatever else is done before it."""
    for queue in way.queues:
        key, before = queue.step.key, way.left.get(queue.step.key)
        why = queue.wrong.message if queue.wrong else _STAYS
        sql = tuple(one.sql for one in queue.step.pieces)
        # What is to be made again only waits for its removal, which has the reason.
        way.left[key] = replace(before, sql=before.sql + sql) if before else Left(key, sql, why)
        way.goal = repair.goal(way.goal, way.now, [key])
    way.queues = []
