"""`rollback`: take back what is applied, newest first, each DOWN together with its ledger row."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from shlex import quote

from migrate_hooks.actions import (
    backup,
    backup_facts,
    backup_words,
    sources,
    undertake,
    whereabouts,
)
from migrate_hooks.actions.undertake import Work
from migrate_hooks.actions.voice import Voice
from migrate_hooks.config import targets
from migrate_hooks.errors import Exit, Failure, UsageProblem
from migrate_hooks.history import guard, judge, permission, plan, reversible, rollback_plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.history.rollback_plan import name
from migrate_hooks.ledgers import bookkeeping, choose, store
from migrate_hooks.model.consent import Consent
from migrate_hooks.model.environment import Target
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.history import Direction, Entry, State
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import postgres

_TO_APPLY = (State.PENDING, State.OUT_OF_ORDER)


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for.

    One of three says what: `steps` counts from the newest, `to` is the newest that stays,
    `migration` the only one to go; both may be parts of names. `dry_run` is "", "plan" or "server".
    """

    environment: str
    steps: int | None = None
    to: str | None = None
    migration: str | None = None
    dry_run: str = ""
    consent: Consent = field(default_factory=Consent)

    @property
    def command(self) -> str:
        """What was typed, without dry run and words of consent."""
        words = [f"migrate-hooks rollback --env={self.environment}"]
        words += [f"--steps={self.steps}"] if self.steps else []
        words += [f"--to={quote(self.to)}"] if self.to else []
        words += [f"--migration={quote(self.migration)}"] if self.migration else []
        return " ".join(words)


def run(settings: Settings, order: Order, voice: Voice) -> Report:
    """Choose, ask whether all of it can be taken back, then do so or only print.

    Raises UsageProblem for words that say nothing or too much, and what `apply` raises.
    """
    if sum(one is not None for one in (order.steps, order.to, order.migration)) > 1:
        raise UsageProblem(
            "--steps, --to and --migration exclude each other.",
            "Use --steps for the newest ones, --to for all newer than one, --migration for one.",
        )
    source = sources.from_worktree(settings)
    doubtful = (*source.problems, *guard.duplicates(source.migrations))
    if any(finding.severity is Severity.CRITICAL for finding in doubtful):
        return _refused(order, doubtful)
    target = targets.target(settings, targets.environment(settings, order.environment).name)
    if guard.uses_pooler_port(target):
        raise undertake.pooled(target)
    with postgres.session(target) as session:
        report = _run(settings, order, voice, source, session)
    if order.dry_run or not report.steps:
        return report
    told = _standing(order, source, target)
    if report.outcome is Outcome.CLEAN:  # a failure has said what comes next
        told = (*told, _next_step(order))
    return replace(report, notes=(*report.notes, *told))


def _run(
    settings: Settings,
    order: Order,
    voice: Voice,
    source: sources.Source,
    session: postgres.Session,
) -> Report:
    ledger = choose.ledger(session, source.ledger)
    entries = reconcile(order.environment, source.migrations, store.read(session, ledger))
    broken = [one for one in entries if one.state is State.FAILED]
    if broken:
        return _refused(order, judge.findings(broken, Severity.CRITICAL))
    stands = rollback_plan.standing(entries)
    chosen = whereabouts.locate(settings.root, _chosen(order, entries, stands))
    if not chosen:
        return _nothing(order)
    known = _newest_backup(settings, session) if reversible.needs_way_out(chosen) else ""
    guarded = reversible.judge(chosen, stands, known)
    said = tuple(permission.weighed(*one, order.consent) for one in guarded)
    if any(not word and one.severity is Severity.CRITICAL for word, one in guarded):
        return _refused(order, said)
    work = Work(
        settings,
        targets.environment(settings, order.environment),
        session,
        ledger,
        plan.make(order.environment, chosen, settings.apply, Direction.DOWN),
        source.folder,
        order.command,
        order.consent,
        order.dry_run,
        said=said,
    )
    return undertake.run(work, voice)


def _chosen(order: Order, entries: Sequence[Entry], stands: Sequence[Entry]) -> tuple[Entry, ...]:
    if order.steps is not None:
        return rollback_plan.last(order.environment, stands, order.steps)
    if order.to is not None:
        return rollback_plan.newer_than(entries, stands, order.to)
    if order.migration is not None:
        return (rollback_plan.applied(entries, stands, order.migration),)
    raise rollback_plan.unclear(order.environment, stands)


def _newest_backup(settings: Settings, session: postgres.Session) -> str:
    """Return the newest good backup for a sentence, "" without one."""
    environment = session.target.environment
    here, _ = bookkeeping.identities(session, bookkeeping.standing(session))
    now = backup_facts.now(session)
    found = backup.newest_good(
        settings, environment, now, system_identifier=here.system_identifier or ""
    )
    if found is None:
        return ""
    age = backup_words.spell_age(found.age(now))
    ledger = backup_words.heads(found)
    stood = f", ledger at {ledger}" if ledger else ""
    return f"{backup_words.shown(settings.root, found.archive)}, {age} old{stood}"


def _standing(order: Order, source: sources.Source, target: Target) -> tuple[str, ...]:
    """Return what stands now; nothing where nobody answers."""
    try:
        with postgres.session(target) as session:
            rows = store.read(session, choose.ledger(session, source.ledger))
    except Failure:
        return ()
    entries = reconcile(order.environment, source.migrations, rows)
    stands = rollback_plan.standing(entries)
    pending = sum(one.state in _TO_APPLY for one in entries)
    newest = f"{name(stands[0])} is the newest of {len(stands)} applied" if stands else ""
    return (f"{order.environment} now: {newest or 'nothing applied'}, {pending} pending.",)


def _next_step(order: Order) -> str:
    return (
        f"Next: `migrate-hooks apply --env={order.environment}` runs again what is pending. To "
        "keep it away, git revert the commit that brought it."
    )


def _refused(order: Order, findings: tuple[Finding, ...]) -> Report:
    note = f"Nothing was rolled back in {order.environment}: this is to be settled first."
    return Report(
        "rollback",
        Outcome.REFUSED,
        Exit.FINDINGS,
        order.environment,
        findings=findings,
        notes=(note,),
    )


def _nothing(order: Order) -> Report:
    note = f"{order.environment} has nothing newer than that: there is nothing to roll back."
    return Report("rollback", Outcome.CLEAN, Exit.CLEAN, order.environment, notes=(note,))
