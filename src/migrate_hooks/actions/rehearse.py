"""A dry run on the server: every step for real in one transaction, which is rolled back."""

from collections.abc import Sequence

from migrate_hooks.actions import explain, locking, transactional
from migrate_hooks.actions.carry_out import Done
from migrate_hooks.actions.job import Ending, Job, Result, Stopped
from migrate_hooks.errors import Exit, QueryFailed
from migrate_hooks.history.plan import mark
from migrate_hooks.history.session import settings_sql
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.history import Plan, Step
from migrate_hooks.model.report import Outcome

# A value that was added to an enum may not be used before its transaction has ended.
_NEW_VALUE = "55P04"


def refusals(environment: Environment, plan: Plan) -> tuple[Finding, ...]:
    """Return why a plan must not be rehearsed on its own server."""
    if environment.protected:
        message = (
            f"{environment.name} is protected: a rehearsal takes the same locks there as the run "
            "itself, for as long as all of it takes."
        )
        hint = "Rehearse on another environment, or read the plan: --dry-run."
        return (Finding("guard/rehearsal", Severity.CRITICAL, message, None, hint),)
    return tuple(
        Finding(
            "guard/rehearsal",
            Severity.CRITICAL,
            f"{step.migration.path} runs outside a transaction, so nothing could take it back.",
            FilePlace(step.migration.path),
            "Read the plan (--dry-run), or rehearse the others one by one: "
            "--dry-run=server --migration=NAME.",
        )
        for step in plan.steps
        if not step.script.in_transaction
    )


def run(job: Job, plan: Plan) -> Done:
    """Run all steps in one transaction and roll it back. Raises LockBusy."""
    session, steps = job.session, list(plan.steps)
    try:
        session.batch(*transactional.opening(steps[0]))
        locking.for_transaction(session, job.ledger, job.settings.lock_wait)
        number, result = _run_all(job, steps)
    finally:
        session.roll_back_quietly()
        job.voice.status("")
        job.lookout.end()
    if result is None:
        note = (
            f"{len(steps)} of {len(steps)} ran on {plan.environment} without an error, and all of "
            "it was rolled back (but for sequences, which never go back)."
        )
        return Done(plan.steps, Outcome.CLEAN, Exit.CLEAN, notes=(note,))
    return _failed(plan, number, result)


def _run_all(job: Job, steps: Sequence[Step]) -> tuple[int, Result | None]:
    transaction = job.session.value(transactional.XID[0])
    for number, step in enumerate(steps):
        try:
            broken = transactional.run_statements(job, step, str(transaction))
        except Stopped as stopped:
            return number, Result(Ending.FAILED, stopped.failure, stopped.statement)
        if broken:
            return number, broken
        job.session.batch(*((sql, ()) for sql in _between(step)))
    return len(steps), None


def _between(step: Step) -> tuple[str, ...]:
    """Return what takes back a step's own settings without ending the transaction."""
    again = settings_sql(step.settings, local=True)
    return "RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL", *again


def _failed(plan: Plan, number: int, result: Result) -> Done:
    step = plan.steps[number]
    finding = explain.finding(plan.environment, step, result)
    states = ["planned"] * number + [result.ending.value] + ["not-run"] * len(plan.steps)
    steps = tuple(mark(one, state) for one, state in zip(plan.steps, states, strict=False))
    note = f"{number} of {len(plan.steps)} ran without an error; all of it was rolled back."
    if isinstance(result.failure, QueryFailed) and result.failure.sqlstate == _NEW_VALUE:
        note += " A run need not meet this: there each file has a transaction of its own."
    if result.ending is Ending.PARTIAL:
        return Done(steps, Outcome.PARTIAL, Exit.PARTIAL, (finding,), (finding.message,))
    return Done(steps, Outcome.FAILED, Exit.ROLLED_BACK, (finding,), (note,))
