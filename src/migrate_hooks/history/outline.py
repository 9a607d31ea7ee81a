"""A plan in words and in SQL: one text for the dry run and for the run itself."""

from collections.abc import Iterator

from migrate_hooks.history.session import BEGIN, settings_sql
from migrate_hooks.model.history import Direction, Plan, Step
from migrate_hooks.model.migration import called
from migrate_hooks.model.words import amount

_VERB = {Direction.UP: "Apply", Direction.DOWN: "Roll back"}


def lines(plan: Plan) -> tuple[str, ...]:
    """Return the plan as lines for people: where, what in which order, locks and hazards."""
    return (*_where(plan), *_what(plan), *_session(plan), *costs(plan))


def costs(plan: Plan) -> tuple[str, ...]:
    """Return the lines about locks that somebody will feel, and about hazards."""
    return (*_locks(plan), *_hazards(plan))


def _where(plan: Plan) -> Iterator[str]:
    verb = _VERB[plan.steps[0].direction]
    what = amount(len(plan.steps), "migration")
    yield f"{verb} {what}, {plan.environment}: {plan.place} (from {plan.source})"
    yield f"  server: PostgreSQL {plan.server}; ledger: {plan.ledger}"


def _what(plan: Plan) -> Iterator[str]:
    for number, step in enumerate(plan.steps, 1):
        yield f"  {number}. {step.direction} {called(step.migration.path)}: {_mode(step)}"


def _mode(step: Step) -> str:
    count = len(step.script.statements)
    amount = "1 statement" if count == 1 else f"{count} statements"
    if not step.script.in_transaction:
        return f"{amount}, one by one outside a transaction"
    own = " (the file's own BEGIN and COMMIT are left out)" if step.script.wrapped else ""
    return f"{amount} in one transaction{own}"


def _session(plan: Plan) -> Iterator[str]:
    """Yield the settings once where all steps share them, as they do unless a step is special."""
    for settings in dict.fromkeys(step.settings for step in plan.steps):
        names = (sql.removeprefix("SET ") for sql in settings_sql(settings, local=False))
        yield f"  session: {', '.join(names)}"


def _locks(plan: Plan) -> Iterator[str]:
    for one in plan.locks:
        yield f"  lock: {one.lock} on {one.table} (blocks {one.blocks}), {called(one.path)}"


def _hazards(plan: Plan) -> Iterator[str]:
    for one in plan.hazards:
        yield f"  hazard {one.name}: {called(one.path)} {one.message}"


def script(plan: Plan) -> str:
    """Return what a run would send, readable and, but for the ledger rows, runnable."""
    return "\n".join(_step(step) for step in plan.steps)


def _step(step: Step) -> str:
    whole = step.script.in_transaction
    lines = [f"-- {step.path}"]
    lines += [f"{BEGIN};"] if whole else ["-- outside a transaction"]
    lines += [f"{sql};" for sql in settings_sql(step.settings, local=whole)]
    lines += [f"{statement.text};" for statement in step.script.statements]
    gone = "gone: " if step.direction is Direction.DOWN else ""
    lines += [f"-- ledger row {gone}{step.migration.version.text} {step.migration.name}"]
    return "\n".join([*lines, "COMMIT;"] if whole else lines) + "\n"
