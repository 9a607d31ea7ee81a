"""The proof of a repair: its files, read as any migration is, run on a fresh scratch copy."""

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from migrate_hooks.actions import replay, replica
from migrate_hooks.actions.replica import Replica
from migrate_hooks.errors import QueryFailed
from migrate_hooks.model.migration import Migration, Script, called
from migrate_hooks.model.schema import Snapshot
from migrate_hooks.model.words import some
from migrate_hooks.schema import repair, snapshot
from migrate_hooks.schema.identity import dotted
from migrate_hooks.schema.remedy import Key

if TYPE_CHECKING:
    from migrate_hooks.outside.postgres import Session

_MOST_NAMED = 5


def flaws(
    base: Replica, files: Sequence[Migration], goal: Snapshot, kept: Collection[Key]
) -> tuple[str, ...]:
    """Return what is wrong with the files, as sentences; nothing when they are proved.

    From the replica's state their UPs must lead to `goal` and change nothing when they run again;
    their DOWNs must lead back, but for the objects `kept`.
    """
    with replica.fork(base) as session:
        try:
            return tuple(_flaws(session, base.have, files, goal, kept))
        except QueryFailed as wrong:
            return (f"PostgreSQL refuses a statement of them: {wrong.message}",)


def flaws_behind(
    base: Replica,
    pending: Sequence[Migration],
    files: Sequence[Migration],
    goal: Snapshot,
    kept: Collection[Key],
) -> tuple[str, ...]:
    """Return what is wrong with the files where `pending` ones run before them, as they will.

    What they change must be as in `goal` then, and everything else as the pending ones made it.
    """
    moved = [(each.kind, each.identity) for each in repair.differences(base.have, goal)]
    with replica.fork(base) as session:
        for one in pending:
            try:
                _run(session, [one.up])
            except QueryFailed as wrong:
                return (f"{called(one.path)} itself does not run there: {wrong.message}.",)
        have = snapshot.take(session, base.have.environment)
        try:
            aim = repair.goal(have, goal, moved)
            return tuple(_flaws(session, have, files, aim, kept))
        except QueryFailed as wrong:
            return (f"PostgreSQL refuses a statement: {wrong.message}.",)


def _flaws(
    session: "Session",
    have: Snapshot,
    files: Sequence[Migration],
    goal: Snapshot,
    kept: Collection[Key],
) -> Iterator[str]:
    for words in ("after UP", "after UP has run twice"):
        _run(session, [one.up for one in files])
        yield from _difference(session, goal, words, ())
    _run(session, [one.down for one in reversed(files) if one.down])
    yield from _difference(session, have, "after DOWN", kept)


def flaws_back(
    base: Replica, down: Script, goal: Snapshot, kept: Collection[Key]
) -> tuple[str, ...]:
    """Return what is wrong with a DOWN that must lead from the replica's state to `goal`."""
    with replica.fork(base) as session:
        try:
            _run(session, [down])
            return tuple(_difference(session, goal, "after UP and DOWN", kept))
        except QueryFailed as wrong:
            return (f"PostgreSQL refuses a statement of it: {wrong.message}",)


def _run(session: "Session", scripts: Sequence[Script]) -> None:
    for script in scripts:
        try:
            replay.run_script(session, script)
        finally:
            session.roll_back_quietly()


def _difference(
    session: "Session", wanted: Snapshot, when: str, kept: Collection[Key]
) -> Iterator[str]:
    now = snapshot.take(session, wanted.environment)
    found = repair.differences(now, wanted)
    known = {*kept, *repair.parts(kept, found)}
    left = [each for each in found if (each.kind, each.identity) not in known]
    if left:
        named = some([f"{each.kind} {dotted(each.identity)}" for each in left], _MOST_NAMED)
        yield f"{when} these are not as they should be: {named}."
