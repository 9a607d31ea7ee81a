"""Carrying out a plan, step by step, and saying exactly what stands when it stops early."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from migrate_hooks.actions import explain, protocol
from migrate_hooks.actions.protocol import Ending, Result
from migrate_hooks.errors import Exit, Failure, LockBusy
from migrate_hooks.history.plan import mark
from migrate_hooks.ledgers.base import Ledger
from migrate_hooks.model.environment import Target
from migrate_hooks.model.finding import Finding
from migrate_hooks.model.history import Direction, Plan, Step
from migrate_hooks.model.report import Outcome
from migrate_hooks.outside import postgres

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
    session: postgres.Session,
    ledger: Ledger,
    plan: Plan,
    lock_wait: int,
    say: Callable[[str], None],
    *,
    again: bool,
) -> Done:
    """Run the plan's steps in order until one fails; `again` runs what the ledger already has."""
    if protocol.prepare(session, ledger, lock_wait):
        say(f"Created the ledger {ledger.schema}.{ledger.table}")
    steps = list(plan.steps)
    for number, step in enumerate(steps):
        try:
            result = protocol.run(session, ledger, step, lock_wait, again=again)
        except LockBusy as busy:
            result = Result(Ending.FAILED, busy)
        except KeyboardInterrupt:
            ending = _ending_now(session.target, ledger, step, again)
            return _interrupted(steps, number, ending)
        if result.interrupted:
            return _interrupted(steps, number, result.ending)
        if result.ending not in _GOOD:
            return _stopped(plan.environment, steps, number, result)
        steps[number] = mark(step, explain.state(step, result.ending))
        say(f"[{number + 1}/{len(steps)}] {_file_name(step)} {explain.word(step, result.ending)}")
    return Done(tuple(steps), Outcome.CLEAN, Exit.CLEAN, notes=(_count(plan.environment, steps),))


def _count(environment: str, steps: Sequence[Step]) -> str:
    down = any(step.direction is Direction.DOWN for step in steps)
    count = sum(step.state in ("applied", "rolled-back") for step in steps)
    return f"{count} of {len(steps)} {'rolled back in' if down else 'applied to'} {environment}."


def _file_name(step: Step) -> str:
    return step.migration.path.rpartition("/")[2]


def _stopped(environment: str, steps: list[Step], number: int, result: Result) -> Done:
    marked = _mark_rest(steps, number, result.ending)
    finding = explain.finding(environment, steps[number], result)
    outcome, code = Outcome.PARTIAL, Exit.PARTIAL
    if result.ending is Ending.FAILED:
        busy = isinstance(result.failure, LockBusy)
        outcome, code = Outcome.FAILED, Exit.LOCK_BUSY if busy else Exit.ROLLED_BACK
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


def _interrupted(steps: list[Step], number: int, ending: Ending) -> Done:
    marked = _mark_rest(steps, number, ending)
    code = Exit.PARTIAL if ending is Ending.UNKNOWN else Exit.INTERRUPTED
    notes = (explain.interruption(steps[number], ending), _tally(marked))
    return Done(marked, Outcome.PARTIAL, code, notes=notes)


def _ending_now(target: Target, ledger: Ledger, step: Step, again: bool) -> Ending:
    """Return what a second connection sees; the row of an earlier run proves nothing."""
    whole = step.script.in_transaction
    if again:
        return Ending.UNKNOWN if whole else Ending.PARTIAL
    try:
        with postgres.session(target) as fresh:
            if protocol.is_done(fresh, ledger, step):
                return Ending.DONE
    except Failure:
        return Ending.UNKNOWN
    return Ending.FAILED if whole else Ending.PARTIAL
