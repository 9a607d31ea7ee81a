"""`apply`: bring one environment forward, one migration and its ledger row at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from migrate_hooks.actions import carry_out, sources
from migrate_hooks.config import targets
from migrate_hooks.errors import Exit, Refused, UnsupportedServer
from migrate_hooks.history import guard, judge, plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.history.session import BEGIN, settings_sql
from migrate_hooks.ledgers import choose, store
from migrate_hooks.model.environment import Target
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.history import Entry, Plan, State, Step
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import postgres

NOTHING_TO_DO = "No pending migrations to apply."


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for."""

    environment: str
    migration: str | None = None
    dry_run: bool = False
    force: bool = False


def run(settings: Settings, order: Order, say: Callable[[str], None]) -> Report:
    """Plan, then apply or only print; raises Failure for whatever keeps it from starting."""
    name = targets.environment(settings, order.environment).name
    source = sources.from_worktree(settings)
    doubtful = (*source.problems, *guard.duplicates(source.migrations))
    if any(finding.severity is Severity.CRITICAL for finding in doubtful):
        return _refused(order, doubtful)
    target = targets.target(settings, name)
    if guard.uses_pooler_port(target):
        raise _pooled(target)
    with postgres.session(target) as session:
        ledger = choose.ledger(session, source.ledger)
        entries = reconcile(name, source.migrations, store.read(session, ledger))
        wanted = plan.find(entries, order.migration) if order.migration else None
        if wanted and wanted.state in (State.APPLIED, State.CHANGED) and not order.force:
            return _already_applied(order, wanted)
        planned = _plan(settings, name, entries, wanted)
        said = judge.findings(_others(entries), Severity.WARNING)
        if not planned.steps:
            return _report(order, Outcome.CLEAN, Exit.CLEAN, findings=said, notes=(NOTHING_TO_DO,))
        unrunnable = guard.cannot_run(planned)
        if unrunnable:
            return _refused(order, unrunnable)
        if order.dry_run:
            return _dry_run(order, target, planned, said)
        _refuse_unless_told_twice(settings, target, planned, entries, order)
        _refuse_unfit_server(session)
        say(_announce(target, planned))
        again = wanted is not None and wanted.applied is not None
        done = carry_out.run(session, ledger, planned, settings.apply.lock_wait, say, again=again)
    return _report(
        order,
        done.outcome,
        done.exit_code,
        findings=(*done.findings, *said),
        steps=done.steps,
        notes=done.notes,
    )


def _refused(order: Order, findings: tuple[Finding, ...]) -> Report:
    note = f"Nothing was applied to {order.environment}: this is to be mended first."
    return _report(order, Outcome.REFUSED, Exit.FINDINGS, findings=findings, notes=(note,))


def _others(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(entry for entry in entries if entry.state is not State.OUT_OF_ORDER)


def _plan(
    settings: Settings, environment: str, entries: Sequence[Entry], wanted: Entry | None
) -> Plan:
    if wanted:
        return plan.only(environment, wanted, settings.apply)
    return plan.pending(environment, entries, settings.apply)


def _already_applied(order: Order, entry: Entry) -> Report:
    path = entry.migration.path if entry.migration else ""
    finding = Finding(
        "apply/already-applied",
        Severity.WARNING,
        f"{order.environment} has already applied {path}; it was not run again.",
        FilePlace(path),
        "To run it a second time all the same, add --force.",
    )
    return _report(order, Outcome.CLEAN, Exit.CLEAN, findings=(finding,), entries=(entry,))


def _refuse_unless_told_twice(
    settings: Settings, target: Target, planned: Plan, entries: Sequence[Entry], order: Order
) -> None:
    if order.force:
        return
    environment = targets.environment(settings, order.environment)
    again = f"migrate-hooks apply --env={environment.name}"
    again += f" --migration={order.migration}" if order.migration else ""
    if environment.protected:
        raise Refused(
            guard.refuse_protected(environment, target, planned),
            f"Read it first with `{again} --dry-run`; then run `{again} --force`.",
        )
    chosen = {step.migration.version for step in planned.steps}
    late = [one for one in entries if one.state is State.OUT_OF_ORDER and one.version in chosen]
    if late:
        names = ", ".join(one.migration.path for one in late if one.migration)
        raise Refused(
            f"{environment.name} has already applied newer migrations than {names}. "
            "Nothing was applied.",
            f"Give the file a later timestamp, or apply it where it stands with `{again} --force`.",
        )


def _refuse_unfit_server(session: postgres.Session) -> None:
    name = session.target.environment
    if postgres.is_behind_transaction_pooler(session):
        raise _pooled(session.target)
    if session.value("SELECT pg_catalog.current_setting('transaction_read_only')") == "on":
        raise UnsupportedServer(
            f"{name} is read-only (a standby, or set so). Nothing was applied.",
            f"Point {session.target.source} at the primary server.",
        )


def _pooled(target: Target) -> UnsupportedServer:
    return UnsupportedServer(
        f"{target.environment} is reached through a transaction pooler, where neither locks nor "
        "settings hold. Nothing was applied.",
        f"Use the direct connection or the session pooler (port 5432) in {target.source}.",
    )


def _announce(target: Target, planned: Plan) -> str:
    count = len(planned.steps)
    what = "1 migration" if count == 1 else f"{count} migrations"
    return (
        f"Applying {what} to {target.environment}: host {target.address}, database "
        f"{target.database} (from {target.source})"
    )


def _dry_run(order: Order, target: Target, planned: Plan, said: tuple[Finding, ...]) -> Report:
    notes = (
        f"Dry run: nothing was sent to {target.environment} "
        f"(host {target.address}, database {target.database}).",
        *planned.hazards,
    )
    return _report(
        order,
        Outcome.CLEAN,
        Exit.CLEAN,
        findings=said,
        steps=planned.steps,
        notes=notes,
        body="\n".join(_script(step) for step in planned.steps),
    )


def _script(step: Step) -> str:
    """Return what a run would send for one step, readable and, but for the ledger row, runnable."""
    whole = step.migration.up.in_transaction
    lines = [f"-- {step.migration.path}"]
    lines += [f"{BEGIN};"] if whole else ["-- outside a transaction"]
    lines += [f"{sql};" for sql in settings_sql(step.settings, local=whole)]
    lines += [f"{statement.text};" for statement in step.migration.up.statements]
    lines += [f"-- ledger row: {step.migration.version.text} {step.migration.name}"]
    return "\n".join([*lines, "COMMIT;"] if whole else lines) + "\n"


def _report(order: Order, ending: Outcome, code: Exit, **rest: object) -> Report:
    empty = Report("apply", ending, code, order.environment)
    return replace(empty, **rest)  # type: ignore[arg-type]
