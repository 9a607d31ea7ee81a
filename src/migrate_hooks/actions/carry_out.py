"""Carrying out a plan, step by step, and saying exactly what stands when it stops early."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrate_hooks.actions import explain, protocol, witness
from migrate_hooks.actions.job import Ending, Job, Result, command, is_done
from migrate_hooks.errors import Bug, Exit, Failure, LockBusy
from migrate_hooks.history.plan import mark
from migrate_hooks.model.books import Identity, Standing
from migrate_hooks.model.finding import Finding
from migrate_hooks.model.history import Direction, Plan, Step
from migrate_hooks.model.migration import called
from migrate_hooks.model.report import Outcome

_GOOD = (Ending.DONE, Ending.ALREADY)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a plan: its steps in their final states, and the words for the report."""

    steps: tuple[Step, ...]
    outcome: Outcome
    exit_code: Exit
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


def run(
    job: Job,
    plan: Plan,
    standing: Standing = Standing.READY,
    identity: Identity | None = None,
) -> Done:
    """Run the plan's steps in order until one fails; record `identity` first if given.

    Raises LockBusy when another run holds the lock while the ledger is to be made.
    """
    for name in protocol.prepare(job, plan.steps[0].settings, standing, identity):
        job.voice.say(f"Created {name}")
    steps = list(plan.steps)
    try:
        return _run_all(job, plan, steps)
    except KeyboardInterrupt:
        return _cut_short(job, steps)


def _cut_short(job: Job, steps: list[Step]) -> Done:
    """Return what is known where ctrl-C came between two steps, or once more while we asked."""
    for number, step in enumerate(steps):
        if step.state == Ending.UNKNOWN:
            return _interrupted(job, steps, number, Ending.UNKNOWN)
    left = [one for one in steps if one.state == "planned"]
    rest = [mark(one, "not-run") if one in left else one for one in steps]
    notes = ("Interrupted between two migrations.", _tally(rest), *_on(job, left))
    return Done(tuple(rest), Outcome.FAILED, Exit.INTERRUPTED, notes=notes)


def _run_all(job: Job, plan: Plan, steps: list[Step]) -> Done:
    for number, step in enumerate(steps):
        place = f"[{number + 1}/{len(steps)}] {called(step.migration.path)}"
        result = _one(_placed(job, place), steps, number)
        if result.interrupted:
            return _interrupted(job, steps, number, result.ending)
        if result.ending not in _GOOD or isinstance(result.failure, Bug):
            return _stopped(plan.environment, steps, number, result)
        job.voice.say(f"{place} {explain.word(step, result.ending)}")
    return Done(tuple(steps), Outcome.CLEAN, Exit.CLEAN, notes=(_count(plan.environment, steps),))


def _placed(job: Job, place: str) -> Job:
    """Return the job with a status that starts with the place of its step."""
    status = job.voice.status
    told = replace(job.voice, status=lambda words: status(f"{place}: {words}"))
    return replace(job, voice=told)


def _one(job: Job, steps: list[Step], number: int) -> Result:
    """Run one step and log it; whatever happens, it has an ending, and the others keep theirs."""
    step = steps[number]
    job.log("begin", path=step.migration.path, direction=step.direction)
    steps[number] = mark(step, Ending.UNKNOWN.value)  # for whoever stops us before it is known
    result = _tried(job, step)
    failure = result.failure.message if result.failure else None
    state = explain.state(step, result.ending)
    steps[number] = mark(step, state)
    job.log("end", path=step.migration.path, state=state, failure=failure)
    return result


def _tried(job: Job, step: Step) -> Result:
    try:
        return protocol.run(job, step)
    except LockBusy as busy:
        return Result(Ending.FAILED, busy)
    except KeyboardInterrupt:
        return Result(_ending_now(job, step), interrupted=True)
    except Exception as bug:
        if os.environ.get("MIGRATE_HOOKS_DEBUG") == "1":
            sys.excepthook(type(bug), bug, bug.__traceback__)
        return Result(_ending_now(job, step), explain.bug(bug))


def _ending_now(job: Job, step: Step) -> Ending:
    """Return what a second connection sees; the row of an earlier run proves nothing."""
    whole = step.script.in_transaction
    if job.again:
        return Ending.UNKNOWN if whole else Ending.PARTIAL
    try:
        with witness.session(job.session.target) as fresh:
            if is_done(fresh, job.ledger, step):
                return Ending.DONE
    except Failure:
        return Ending.UNKNOWN
    return Ending.FAILED if whole else Ending.PARTIAL


def _count(environment: str, steps: Sequence[Step]) -> str:
    down = any(step.direction is Direction.DOWN for step in steps)
    count = sum(step.state in ("applied", "rolled-back") for step in steps)
    return f"{count} of {len(steps)} {'rolled back in' if down else 'applied to'} {environment}."


def _stopped(environment: str, steps: list[Step], number: int, result: Result) -> Done:
    marked = _mark_rest(steps, number, result.ending)
    finding = explain.finding(environment, steps[number], result, len(steps) - number)
    outcome, code = Outcome.PARTIAL, Exit.PARTIAL
    busy = isinstance(result.failure, LockBusy)
    if result.ending is Ending.FAILED:
        outcome, code = Outcome.FAILED, Exit.LOCK_BUSY if busy else Exit.ROLLED_BACK
    if result.ending is Ending.DONE:  # the bug came behind the COMMIT
        outcome, code = Outcome.FAILED, Exit.FINDINGS
    return Done(marked, outcome, code, (finding,), (_tally(marked),))


def _mark_rest(steps: list[Step], number: int, ending: Ending) -> tuple[Step, ...]:
    rest = (mark(step, "not-run") for step in steps[number + 1 :])
    this = mark(steps[number], explain.state(steps[number], ending))
    return (*steps[:number], this, *rest)


def _tally(steps: Sequence[Step]) -> str:
    """Count the states in the words of the steps, such as "1 applied, 1 failed, 2 not-run"."""
    states = [step.state for step in steps]
    said = (f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    return f"{', '.join(said)}."


def _interrupted(job: Job, steps: list[Step], number: int, ending: Ending) -> Done:
    marked = _mark_rest(steps, number, ending)
    said = (explain.interruption(steps[number], ending), _tally(marked))
    if ending is Ending.UNKNOWN:
        look = f"Look before anything else: {explain.look(job.session.target.environment)}."
        return Done(marked, Outcome.PARTIAL, Exit.PARTIAL, notes=(*said, look))
    left = steps[number + (ending is Ending.DONE) :]
    outcome = Outcome.PARTIAL if ending is Ending.PARTIAL else Outcome.FAILED
    return Done(marked, outcome, Exit.INTERRUPTED, notes=(*said, *_on(job, left)))


def _on(job: Job, left: Sequence[Step]) -> tuple[str, ...]:
    """Return what is typed to go on with the steps that are left, if the ledger lacks them."""
    if not left or job.again:
        return ()
    return (f"Go on: `{command(job.session.target.environment, left[0], len(left))}`.",)
