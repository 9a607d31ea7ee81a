"""The way back from what an UP did, found on a scratch server: part by part, the last one first.

A rename is a part of its own and is taken back as one: whoever compares what was there before with
what is there now sees something that is gone and something new, and would lose the rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from migrate_hooks.actions import drift_proof, replay, replica
from migrate_hooks.actions.drift_batches import Aim, Batch, Left, Mode, Route
from migrate_hooks.actions.drift_plan import Pieces
from migrate_hooks.actions.replay import Setup
from migrate_hooks.actions.replica import Replica
from migrate_hooks.errors import QueryFailed, ReplayFailed
from migrate_hooks.model.migration import Migration, Script, Statement, called
from migrate_hooks.model.schema import Snapshot
from migrate_hooks.schema import emptied, repair, snapshot
from migrate_hooks.schema.remedy import Key, Piece
from migrate_hooks.sql import renames
from migrate_hooks.sql.operations import operations

_RENAME: Key = ("rename", ())


@dataclass(frozen=True, slots=True)
class Part:
    """Statements of an UP that are taken back together; `back` does it, for a rename."""

    script: Script
    back: str | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Statements that take an UP back, what of it they do not, and which data stays gone.

    `lost` are ends of sentences about things that come back without what was in them.
    """

    pieces: Pieces
    left: tuple[Left, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A way back, and what its proof takes: the state that UP leaves, and the one before it."""

    way: Way
    after: Replica
    before: Snapshot

    def flaws(self, down: Script) -> tuple[str, ...]:
        """Return what is wrong with the way as a file says it; nothing when it is proved."""
        kept = {one.key for one in self.way.left}
        return drift_proof.flaws_back(self.after, down, self.before, kept)


def find(
    stack: ExitStack, setup: Setup, before: Sequence[Migration], file: Migration, mode: Mode
) -> Found:
    """Return the way back from `file`, which runs behind the migrations `before`.

    `mode` is how its DOWN will run. The scratch server is held until the stack ends.
    Raises ReplayFailed, Unreachable and LockBusy.
    """
    parts = tuple(_parts(file.up))
    label = called(file.path)
    pieces = [replay.Piece(called(one.path), one.up) for one in before]
    whole = (*pieces, *(replay.Piece(label, part.script) for part in parts))
    places = range(len(pieces), len(whole) + 1)
    states = [snapshot.whole(shot.reading) for shot in _shots(setup, whole, places, label)]
    after = Replica(*stack.enter_context(replay.database(setup, whole)), states[-1])
    aim = Aim(
        states[0], setup.ground.major * 10_000, _reason, only=mode, makes_roles=after.makes_roles
    )
    return Found(_way(after, parts, states, aim), after, states[0])


def _shots(
    setup: Setup, whole: Sequence[replay.Piece], places: Sequence[int], label: str
) -> list[replay.Shot]:
    try:
        found = replay.shots(setup, whole, set(places))
    except ReplayFailed as wrong:
        if wrong.extension or not wrong.message.startswith(label):
            raise
        hint = "Correct its UP first; a DOWN is made from what it does."
        raise ReplayFailed(wrong.message, hint) from None
    return [found[place] for place in places]


def _reason(piece: Piece) -> str:
    """Return why a statement must not run; what it loses is what UP has brought."""
    return piece.reason


def _parts(up: Script) -> Iterator[Part]:
    """Yield the parts of an UP; what a SET says holds for those behind it as well."""
    settings: list[Statement] = []
    waiting: list[Statement] = []
    for one, schema in zip(up.statements, _schemas(up.statements), strict=True):
        back = renames.back(one.text, schema)
        if back is None:
            waiting.append(one)
        else:
            yield from _together(up, settings, waiting)
            settings += [each for each in waiting if each.verb == "SET"]
            waiting = []
            yield Part(_only(up, [*settings, one]), back)
    yield from _together(up, settings, waiting)


def _together(
    up: Script, settings: Sequence[Statement], waiting: Sequence[Statement]
) -> Iterator[Part]:
    if waiting:
        yield Part(_only(up, [*settings, *waiting]))


def _only(up: Script, statements: Sequence[Statement]) -> Script:
    text = ";\n".join(one.text for one in statements)
    return replace(up, statements=tuple(statements), text=text)


def _schemas(statements: Sequence[Statement]) -> list[str]:
    """Return for each statement the schema of its names without one, "" where that is not said."""
    known = {id(one.statement): one.schema for one in operations(statements)}
    return [known.get(id(one), "") for one in statements]


def _way(base: Replica, parts: Sequence[Part], states: Sequence[Snapshot], aim: Aim) -> Way:
    batches: list[Batch] = []
    left: dict[Key, Left] = {}
    lost: list[str] = []
    for place in reversed(range(len(parts))):
        goal = states[place]
        turned = _turned(base, batches, parts[place], goal, aim)
        if turned:
            batches.append(turned)
            continue
        route = replica.settled(base, replace(aim, goal=goal), batches)
        batches += route.batches
        left |= {one.key: one for one in route.left}
        lost += emptied.between(goal, states[place + 1])
    if left and any(part.back for part in parts):  # what failed under a name may go under another
        route = replica.settled(base, aim, batches)
        batches += route.batches
        left = {one.key: one for one in route.left}
    pieces = tuple(one for batch in batches for one in batch.pieces)
    return Way(pieces, tuple(left.values()), tuple(lost))


def _turned(
    base: Replica, lead: Sequence[Batch], part: Part, goal: Snapshot, aim: Aim
) -> Batch | None:
    """Return what takes a rename back behind `lead`, None where that leads nowhere.

    It need not lead to the goal: what is left of other parts still differs.
    """
    if part.back is None:
        return None
    before = lead[-1].after if lead else base.have
    gone = Route(tuple(lead), (), frozenset())
    with replica.after(base, gone) as there, replica.fork(there) as session:
        try:
            session.run(part.back)
        except QueryFailed:
            return None
        now = snapshot.take(session, base.have.environment)
    if len(repair.differences(now, goal)) >= len(repair.differences(before, goal)):
        return None
    piece = ((_RENAME, Piece(part.back)),)
    return Batch(aim.only or Mode.WHOLE, piece, now)
