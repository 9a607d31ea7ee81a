"""Why two environments differ: their files are run again, and what each makes is compared."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from migrate_hooks.actions import familiar, replay, replay_given, replay_ground, replay_pieces
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.replay import Piece, Setup, Shot
from migrate_hooks.actions.replay_pieces import Deed, Past
from migrate_hooks.actions.sources import Source
from migrate_hooks.errors import Failure, ReplayFailed
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.model.history import State
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.schema import Difference, Origin
from migrate_hooks.model.settings import Settings
from migrate_hooks.schema import causes, snapshot
from migrate_hooks.schema.causes import Side, Terms, Trial

_MOST_STEPS = 30
"""How many migrations that one side lacks are tried one by one; more are tried in groups."""

_MOST_EDITS = 5

Explained = tuple[tuple[Difference, ...], tuple[str, ...]]
"""Differences with their causes, and sentences about how far that went."""


@dataclass(frozen=True, slots=True)
class History:
    """One environment beside what is applied there, and what is `pending`, in order."""

    seen: Seen
    past: Past
    pending: tuple[Migration, ...] = ()

    @property
    def waiting(self) -> int:
        """How many migrations are pending."""
        return len(self.pending)


def explain(
    settings: Settings,
    files: Source | Failure,
    here: Seen,
    there: Seen,
    found: Sequence[Difference],
) -> Explained:
    """Give each difference its cause; where that cannot be found out, say why."""
    if not found:
        return (), ()
    if isinstance(files, Failure):
        return tuple(found), (f"Causes NOT CHECKED: {files.message}",)
    failure = here.failure or there.failure
    if failure:
        return tuple(found), (f"Causes NOT CHECKED: {failure.message}",)
    source, target = (history(settings, files, each) for each in (here, there))
    notes = tuple(_waiting(target))
    work = partial(_prove, found, source, target, files)
    try:
        proved, said = replay_ground.on_first_that_fits(settings, files, there, work)
    except Failure as wrong:
        return tuple(found), (*notes, f"Causes NOT CHECKED: {wrong.message} {wrong.hint}".strip())
    return proved, (*notes, *said)


def history(settings: Settings, files: Source, seen: Seen) -> History:
    """Return what is applied in an environment, by its ledger."""
    environment = seen.target.environment
    entries = reconcile(environment, files.migrations, seen.applied)
    familiar.remember(files.layout.name, entries)
    waiting = (each for each in entries if each.state in (State.PENDING, State.OUT_OF_ORDER))
    past = replay_pieces.past(settings.root, files.layout, environment, entries)
    return History(seen, past, tuple(each.migration for each in waiting if each.migration))


def _waiting(target: History) -> Iterator[str]:
    """Say what is pending there: no hand has to bring what a file brings."""
    name = target.seen.target.environment
    if target.waiting and target.seen.saved_at:
        yield f"{target.waiting} were pending on {name} when it was saved."
    elif target.waiting:
        yield (
            f"{target.waiting} pending on {name}, which may bring what is missing there: "
            f"migrate-hooks apply --env={name} --dry-run"
        )


def _prove(
    found: Sequence[Difference], source: History, target: History, files: Source, setup: Setup
) -> Explained:
    provided = replay_ground.is_provided(setup)
    here, standins_here = _side(source, target, _as(source.seen, setup), provided)
    there, standins_there = _side(target, source, setup, provided)
    standins = (*standins_here, *standins_there)
    terms = Terms(setup.ground.major, frozenset(standins), provided)
    notes = [*standins_note(standins, setup), *doubts(source.past), *doubts(target.past)]
    return causes.of_two(found, here, there, terms), tuple(notes)


def _as(seen: Seen, setup: Setup) -> Setup:
    return replace(setup, worker=seen.worker, owner=seen.owner)


def _side(
    own: History, other: History, setup: Setup, provided: bool
) -> tuple[Side, tuple[str, ...]]:
    """Return one environment beside what its files make, and make with one migration more."""
    ahead = tuple(replay_pieces.only_in(other.past, own.past))
    environment = own.seen.target.environment
    expected, trials = _tried(own.past, ahead, environment, setup)
    if provided:
        expected, _ = replay_given.as_given(setup, own.past.pieces, own.seen, expected)
    edits = _edits(own.past, environment, setup)
    side = Side(
        environment,
        own.seen.major,
        causes.by_key(snapshot.whole(own.seen.reading)),
        _objects(expected),
        (*trials, *edits),
    )
    return side, expected.standins


def _tried(
    past: Past, ahead: Sequence[Deed], environment: str, setup: Setup
) -> tuple[Shot, tuple[Trial, ...]]:
    """Replay what is applied, and behind it, as `apply` would, what only the other one has."""
    count = len(past.pieces)
    groups = _groups(ahead)
    places = [count + sum(map(len, groups[: place + 1])) for place in range(len(groups))]
    pieces = (*past.pieces, *(deed.piece for deed in ahead))
    try:
        found = replay.shots(setup, pieces, {count, *places})
    except ReplayFailed as wrong:
        if wrong.extension or not ahead:
            raise
        return replay.shots(setup, past.pieces, {count})[count], ()
    trials = (
        Trial(f"pending {_called(group)} on {environment}", Origin.PENDING, _objects(found[place]))
        for group, place in zip(groups, places, strict=True)
    )
    return found[count], tuple(trials)


def _groups(deeds: Sequence[Deed]) -> list[Sequence[Deed]]:
    size = max(1, -(-len(deeds) // _MOST_STEPS))
    return [deeds[start : start + size] for start in range(0, len(deeds), size)]


def _called(group: Sequence[Deed]) -> str:
    first, last = group[0].piece.label, group[-1].piece.label
    return first if len(group) == 1 else f"{first} to {last}"


def _edits(past: Past, environment: str, setup: Setup) -> Iterator[Trial]:
    """Yield what would be there had the newest form of an edited file been run."""
    edited = [place for place, deed in enumerate(past.deeds) if deed.edited]
    for place in edited[-_MOST_EDITS:]:
        pieces = list(past.pieces)
        pieces[place] = past.deeds[place].edited or pieces[place]
        words = f"{pieces[place].label} was edited after it was applied on {environment}"
        yield from _edit(pieces, words, setup)


def _edit(pieces: Sequence[Piece], words: str, setup: Setup) -> Iterator[Trial]:
    try:
        shot = replay.shots(setup, pieces, {len(pieces)})[len(pieces)]
    except ReplayFailed:  # then the edited form proves nothing
        return
    yield Trial(words, Origin.EDITED, _objects(shot))


def _objects(shot: Shot) -> causes.Objects:
    return causes.by_key(snapshot.whole(shot.reading))


def standins_note(names: Sequence[str], setup: Setup) -> Iterator[str]:
    """Say which extensions were not the real ones."""
    if names:
        listed = ", ".join(sorted(set(names)))
        yield (
            f"Replayed on {setup.ground.name}, with stand-ins of ours for extensions that are not "
            f"there: {listed}."
        )


def doubts(past: Past) -> Iterator[str]:
    """Say what was not replayed, so that what it made looks made by hand."""
    yield from (f"NOT CHECKED: {each}." for each in past.doubts)
