"""`drift --write-migration`: a migration that removes what was found, proved before it is there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from shlex import quote

from migrate_hooks.actions import (
    drift,
    drift_causes,
    drift_env,
    drift_files,
    drift_lint,
    drift_plan,
    drift_proof,
    drift_saved,
    drift_written,
    new,
    new_file,
    replay,
    replay_given,
    replay_ground,
    replica,
    sources,
)
from migrate_hooks.actions.drift_batches import Left
from migrate_hooks.actions.drift_causes import History
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.drift_report import Comparison
from migrate_hooks.actions.drift_written import Written
from migrate_hooks.actions.new_file import Folder
from migrate_hooks.actions.replay import Setup
from migrate_hooks.actions.replica import Replica
from migrate_hooks.errors import Refused
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import Snapshot
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import amount
from migrate_hooks.schema import repair
from migrate_hooks.schema.remedy import Key

_SHARED = (
    "it has a connection, which is not read, and a part on the server that it subscribes to: say "
    "by hand what is meant, there and here"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was typed: the migration's name, and hazards that are meant, by name.

    `adopt` makes the files match the database, otherwise the database is to match the files.
    `strict` takes also what something else than a hand explains.
    """

    name: str
    adopt: bool = True
    allow: frozenset[str] = frozenset()
    strict: bool = False


@dataclass(frozen=True, slots=True)
class _Job:
    """What is to be written, and what for: a sentence; `version` is the target server's."""

    settings: Settings
    wish: Wish
    place: Folder
    name: str
    head: str
    environment: str
    version: int


def run(
    settings: Settings, environment: str | None, source: str, target: str, wish: Wish
) -> Report:
    """Write a migration about one environment, or about two where `environment` is None."""
    if environment:
        return of_one(settings, environment, wish)
    return of_two(settings, source, target, wish)


def of_one(settings: Settings, environment: str, wish: Wish) -> Report:
    """Write what adopts or undoes changes that were made by hand in an environment.

    Raises what `drift_one.run` raises; Refused where the files could not be proved, or not all of
    the environment's history is known. Then nothing was written.
    """
    files = sources.from_worktree(settings)
    seen = drift_saved.one(settings, environment, files.ledger)
    name = seen.target.environment
    verb = "Adopts" if wish.adopt else "Undoes"
    job = _job(settings, wish, seen, f"{verb} what was changed by hand on {name}.")
    found = drift_env.judge(settings, files, seen, strict=wish.strict)
    own = drift_causes.history(settings, files, seen)
    _refuse_unknown(own)
    chosen = _chosen(found, strict=wish.strict)
    if not chosen:
        return drift_written.nothing(job.environment, found.unchecked)
    work = partial(_adopted if wish.adopt else _restored, job, own, chosen)
    made = replay_ground.on_first_that_fits(settings, files, seen, work)
    return _report(job, found, made)


def of_two(settings: Settings, source: str, target: str, wish: Wish) -> Report:
    """Write what makes the target like the source, as far as a hand made them differ.

    Raises what `drift_two.run` and `of_one` raise.
    """
    files = sources.from_worktree(settings)
    here, there = drift_saved.both(settings, source, target, files.ledger)
    if there.failure:
        raise there.failure
    names = here.target.environment, there.target.environment
    job = _job(settings, wish, there, "Makes {1} like {0}.".format(*names))
    found = drift.judge(settings, files, here, there, strict=wish.strict)
    own = drift_causes.history(settings, files, there)
    chosen = _chosen(found, strict=wish.strict)
    if not chosen:
        return drift_written.nothing(job.environment, found.unchecked)
    work = partial(_copied, job, own, replica.copied(here.reading), chosen)
    made = replay_ground.on_first_that_fits(settings, files, there, work)
    return _report(job, found, made)


def _job(settings: Settings, wish: Wish, seen: Seen, head: str) -> _Job:
    """Return what to do; raises Refused where a migration of that name is there already."""
    place, name = new_file.folder(settings), new.called(wish.name)
    new_file.refuse_twin(place, name)
    environment, version = seen.target.environment, seen.reading.version
    return _Job(settings, wish, place, name, head, environment, version)


def _refuse_unknown(own: History) -> None:
    if own.past.doubts:
        raise Refused(
            f"What a hand changed cannot be told from what a migration did: {own.past.doubts[0]}. "
            "Nothing was written.",
            f"See what the ledger lacks: migrate-hooks repair --env={own.past.environment}",
        )


def _chosen(found: Comparison, *, strict: bool) -> tuple[Key, ...]:
    return tuple(
        (each.kind, each.identity) for each in found.differences if strict or not each.explained
    )


def _adopted(job: _Job, own: History, chosen: Sequence[Key], setup: Setup) -> Written:
    """Start from what the files make."""
    there = replica.copied(own.seen.reading)
    with replica.of_files(setup, own) as made:
        return _proved(job, own, made, there, chosen)


def _restored(job: _Job, own: History, chosen: Sequence[Key], setup: Setup) -> Written:
    """Start from what is there."""
    pieces = own.past.pieces
    shot = replay.shots(setup, pieces, {len(pieces)})[len(pieces)]
    if replay_ground.is_provided(setup):
        shot, _ = replay_given.as_given(setup, pieces, own.seen, shot)
    wanted = replica.copied(shot.reading)
    with replica.present(setup, own) as copy:
        return _proved(job, own, copy, wanted, chosen)


def _copied(
    job: _Job, own: History, wanted: Snapshot, chosen: Sequence[Key], setup: Setup
) -> Written:
    """Start from what is there, and make it like another environment."""
    with replica.present(setup, own) as copy:
        return _proved(job, own, copy, wanted, chosen)


def _proved(
    job: _Job, own: History, base: Replica, wanted: Snapshot, chosen: Sequence[Key]
) -> Written:
    goal = repair.goal(base.have, wanted, chosen)
    plan = drift_plan.make(base, goal, job.version, job.wish.allow)
    shared = tuple(Left(key, (), _SHARED, True) for key in chosen if key[0] == replica.SHARED)
    plan = replace(plan, left=(*plan.left, *shared))
    made, notes = drift_files.drafts(job.place, job.name, job.head, plan.parts, plan.left)
    drafts, findings = drift_lint.judged(job.settings, job.place, made)
    kept = {one.key for part in plan.parts for one in part.kept}
    read = [drift_files.read(job.place, each) for each in drafts]
    flaws = drift_proof.flaws(base, read, plan.end, kept)
    if flaws:
        raise Refused(
            f"The migration that was made could not be proved on a scratch copy: {flaws[0]} "
            "Nothing was written.",
            f"Write this one by hand: migrate-hooks new {quote(job.name)}",
        )
    if own.pending:
        _refuse_behind(own, drift_proof.flaws_behind(base, own.pending, read, plan.end, kept))
        notes = (*notes, _waiting(own))
    return Written(drafts, plan, findings, notes)


def _waiting(own: History) -> str:
    count = amount(own.waiting, "migration")
    verb = "wait" if own.waiting > 1 else "waits"
    return (
        f"{count} {verb} on {own.seen.target.environment} and will run before this. It was proved "
        "behind that, too; what comes with it is not in here."
    )


def _refuse_behind(own: History, flaws: Sequence[str]) -> None:
    """Refuse what would do something else behind the migrations that run before it."""
    name = own.seen.target.environment
    if flaws:
        raise Refused(
            f"{own.waiting} pending on {name} would run before this migration, and behind that it "
            f"could not be proved: {flaws[0]} Nothing was written.",
            f"Bring what is pending first (migrate-hooks apply --env={name}), or take back by hand "
            "what stands in its way.",
        )


def _report(job: _Job, found: Comparison, made: Written) -> Report:
    """Write the files, and return what there is to say about them."""
    drift_files.write(job.settings.root, job.place, made.drafts)
    first = job.settings.environments[0].name
    return drift_written.report(made, job.environment, first, job.place.path, found.unchecked)
