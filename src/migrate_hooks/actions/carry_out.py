"""Carrying out a plan, step by step, and saying exactly what stands when it stops early."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from migrate_hooks.actions import protocol
from migrate_hooks.actions.protocol import Ending, Result
from migrate_hooks.errors import Exit, Failure, LockBusy, QueryFailed
from migrate_hooks.history.plan import mark
from migrate_hooks.ledgers import store
from migrate_hooks.ledgers.base import Ledger
from migrate_hooks.model.environment import Target
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.history import Plan, Step
from migrate_hooks.model.report import Outcome
from migrate_hooks.outside import postgres

_GOOD = (Ending.APPLIED, Ending.ALREADY)


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
            state = _state_now(session.target, ledger, step, again)
            return _interrupted(steps, number, state)
        if result.interrupted:
            return _interrupted(steps, number, result.ending.value)
        if result.ending not in _GOOD:
            return _stopped(plan.environment, steps, number, result)
        steps[number] = mark(step, result.ending.value)
        say(f"[{number + 1}/{len(steps)}] {_file_name(step)} {_SAID[result.ending]}")
    count = sum(step.state == "applied" for step in steps)
    note = f"{count} of {len(steps)} applied to {plan.environment}."
    return Done(tuple(steps), Outcome.CLEAN, Exit.CLEAN, notes=(note,))


_SAID = {Ending.APPLIED: "applied", Ending.ALREADY: "was applied by someone else meanwhile"}


def _file_name(step: Step) -> str:
    return step.migration.path.rpartition("/")[2]


def _stopped(environment: str, steps: list[Step], number: int, result: Result) -> Done:
    marked = _mark_rest(steps, number, result.ending.value)
    finding = _explain(environment, steps[number], result)
    outcome, code = Outcome.PARTIAL, Exit.PARTIAL
    if result.ending is Ending.FAILED:
        busy = isinstance(result.failure, LockBusy)
        outcome, code = Outcome.FAILED, Exit.LOCK_BUSY if busy else Exit.ROLLED_BACK
    return Done(marked, outcome, code, (finding,), (_tally(marked),))


def _mark_rest(steps: list[Step], number: int, state: str) -> tuple[Step, ...]:
    rest = (mark(step, "not-run") for step in steps[number + 1 :])
    return (*steps[:number], mark(steps[number], state), *rest)


def _tally(steps: Sequence[Step]) -> str:
    """Count the states in the words of the steps, such as "1 applied, 1 failed, 2 not-run"."""
    states = [step.state for step in steps]
    said = (f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    return f"{', '.join(said)}."


def _explain(environment: str, step: Step, result: Result) -> Finding:
    failure = result.failure or Failure("It failed.")
    state = failure.sqlstate if isinstance(failure, QueryFailed) else ""
    message = f"ERROR {state}: {failure.message}" if state else failure.message
    if result.statement:
        message = f"{message} (in: {_first_line(result.statement.text)})"
    busy = isinstance(failure, LockBusy)
    return Finding(
        failure.code if busy else f"apply/{result.ending.value}",
        Severity.CRITICAL,
        message,
        _place(step, result),
        _next_command(environment, step, result),
    )


def _first_line(text: str) -> str:
    first = text.partition("\n")[0].strip()
    return f"{first[:77]}..." if len(first) > 80 else first


def _place(step: Step, result: Result) -> FilePlace:
    """Return the place the server points at, in the file's own lines and columns."""
    statement, failure = result.statement, result.failure
    if statement is None:
        return FilePlace(step.migration.path)
    position = failure.position if isinstance(failure, QueryFailed) else None
    before = statement.text[: (position or 1) - 1]
    lines = before.count("\n")
    column = len(before) - before.rfind("\n") if lines else statement.column + len(before)
    return FilePlace(step.migration.path, statement.line + lines, column)


def _next_command(environment: str, step: Step, result: Result) -> str:
    again = f"`migrate-hooks apply --env={environment}`"
    if isinstance(result.failure, LockBusy):
        return f"Nothing of this file was applied. Run {again} when the other one is done."
    if result.ending is Ending.UNKNOWN:
        return (
            "Whether this file was applied is not known. Look before anything else: "
            f"`migrate-hooks status --env={environment}`."
        )
    said = result.failure.hint if isinstance(result.failure, QueryFailed) else ""
    server = f" The server's own hint: {said}" if said else ""
    if result.ending is Ending.FAILED:
        return f"Nothing of this file was applied. Mend it, then run {again}.{server}"
    if step.migration.up.in_transaction:
        return (
            "A statement of this file ended the transaction it ran in, so part of it is applied. "
            f"Compare {environment} with the file by hand before anything else."
        )
    return (
        "This file runs outside a transaction: what ran before this statement stays, and an index "
        "that was being built is left INVALID (remove it: DROP INDEX CONCURRENTLY IF EXISTS …). "
        f"Make every statement safe to run twice, then run {again}.{server}"
    )


def _interrupted(steps: list[Step], number: int, state: str) -> Done:
    name = steps[number].migration.path
    words = {
        "applied": f"{name} was applied just before.",
        "failed": f"{name} was rolled back: nothing of it is applied.",
        "partial": f"{name} runs outside a transaction: statements that had ended stay.",
        "unknown": f"Whether {name} was applied is not known.",
    }
    marked = _mark_rest(steps, number, state)
    code = Exit.PARTIAL if state == "unknown" else Exit.INTERRUPTED
    notes = (f"Interrupted. {words[state]}", _tally(marked))
    return Done(marked, Outcome.PARTIAL, code, notes=notes)


def _state_now(target: Target, ledger: Ledger, step: Step, again: bool) -> str:
    """Return what a second connection sees; the row of an earlier run proves nothing."""
    whole = step.migration.up.in_transaction
    if again:
        return "unknown" if whole else "partial"
    try:
        with postgres.session(target) as fresh:
            if store.has(fresh, ledger, step.migration):
                return "applied"
    except Failure:
        return "unknown"
    return "failed" if whole else "partial"
