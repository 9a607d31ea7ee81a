"""`apply`: bring one environment forward, one migration and its ledger row at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from shlex import quote
from typing import TYPE_CHECKING

from migrate_hooks.actions import familiar, sources
from migrate_hooks.actions.sources import Source
from migrate_hooks.actions.voice import Voice
from migrate_hooks.config import targets
from migrate_hooks.errors import Exit, Failure, UsageProblem
from migrate_hooks.history import guard, judge, plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.ledgers import choose, store
from migrate_hooks.model.consent import Consent
from migrate_hooks.model.environment import Environment, Target
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.history import Entry, Plan, State
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import postgres
from migrate_hooks.outside.postgres import Session

if TYPE_CHECKING:  # guards, backups and protocol are needed where there is something to apply
    from migrate_hooks.actions.fleet_rollout import Rollout
    from migrate_hooks.actions.undertake import Work

NOTHING_TO_DO = "No pending migrations to apply."
_RUN_BEFORE = (State.APPLIED, State.CHANGED, State.RENUMBERED)


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asked for.

    `migration` is the only one to apply, `to` the last one; both may be parts of names. `dry_run`
    is "", "plan" or "server".
    """

    environment: str
    migration: str | None = None
    to: str | None = None
    dry_run: str = ""
    consent: Consent = field(default_factory=Consent)

    @property
    def command(self) -> str:
        """What was typed, without dry run and words of consent."""
        words = [f"migrate-hooks apply --env={self.environment}"]
        words += [f"--migration={quote(self.migration)}"] if self.migration else []
        words += [f"--to={quote(self.to)}"] if self.to else []
        return " ".join(words)


def run(settings: Settings, order: Order, voice: Voice, rollout: "Rollout | None" = None) -> Report:
    """Plan, then apply or only print; raises Failure for whatever keeps it from starting.

    `rollout` says how many databases follow each other where the environment stands for many.
    """
    if order.migration and order.to:
        raise UsageProblem(
            "--migration and --to exclude each other.",
            "Use --migration for exactly one, --to for all up to one.",
        )
    source = sources.from_worktree(settings)
    doubtful = (*source.problems, *guard.duplicates(source.migrations))
    if any(finding.severity is Severity.CRITICAL for finding in doubtful):
        return _refused(order, doubtful)
    if targets.environment(settings, order.environment).is_many:
        from migrate_hooks.actions import fleet_apply

        return fleet_apply.run(settings, order, source, voice, rollout)
    return one(settings, order, source, voice)


def one(settings: Settings, order: Order, source: Source, voice: Voice) -> Report:
    """Bring one database forward, with files that were read and judged before; raises as `run`."""
    target = targets.target(settings, order.environment)
    if guard.uses_pooler_port(target):
        raise _pooled(target)
    with postgres.session(target) as session:
        made = _prepared(settings, order, source, session)
        return made if isinstance(made, Report) else _undertaken(made, voice)


def _pooled(target: Target) -> Failure:
    from migrate_hooks.actions import undertake

    return undertake.pooled(target)


def _undertaken(work: "Work", voice: Voice) -> Report:
    from migrate_hooks.actions import undertake

    return undertake.run(work, voice)


def _prepared(
    settings: Settings, order: Order, source: Source, session: Session
) -> "Work | Report":
    """Compare files and ledger and plan; a report where nothing is to be done, or must be."""
    ledger = choose.ledger(session, source.ledger)
    entries = reconcile(order.environment, source.migrations, store.read(session, ledger))
    familiar.remember(source.layout.name, entries)
    wanted = plan.find(entries, order.migration) if order.migration else None
    environment = targets.environment(settings, order.environment)
    early = _too_early(order, environment, entries, wanted)
    if early:
        return early
    planned = _plan(settings, order, entries, wanted)
    said = judge.findings(_others(entries), Severity.WARNING)
    if not planned.steps:
        return _report(order, Outcome.CLEAN, Exit.CLEAN, findings=said, notes=(NOTHING_TO_DO,))
    from migrate_hooks.actions.undertake import Work

    return Work(
        settings,
        environment,
        session,
        ledger,
        planned,
        source.folder,
        order.command,
        order.consent,
        order.dry_run,
        again=wanted is not None and wanted.applied is not None,
        said=said,
    )


def _too_early(
    order: Order, environment: Environment, entries: Sequence[Entry], wanted: Entry | None
) -> Report | None:
    """Return the report of a run that must not be planned: done before, or something is broken."""
    # Where every run needs --force, it cannot mean a second time as well.
    word = "--allow=again" if environment.protected else "--force"
    insists = order.consent.force and not environment.protected
    if wanted and (insists or "again" in order.consent.allow):
        return None
    if wanted and wanted.state in _RUN_BEFORE:
        return _already_applied(order, wanted, word)
    broken = [entry for entry in entries if entry.state is State.FAILED]
    return _refused(order, judge.findings(broken, Severity.CRITICAL)) if broken else None


def _refused(order: Order, findings: tuple[Finding, ...]) -> Report:
    note = f"Nothing was applied to {order.environment}: this is to be mended first."
    return _report(order, Outcome.REFUSED, Exit.FINDINGS, findings=findings, notes=(note,))


def _others(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries that no guard will speak of."""
    return tuple(entry for entry in entries if entry.state is not State.OUT_OF_ORDER)


def _plan(settings: Settings, order: Order, entries: Sequence[Entry], wanted: Entry | None) -> Plan:
    if wanted:
        return plan.only(order.environment, wanted, settings.apply)
    last = plan.find(entries, order.to).version if order.to else None
    return plan.pending(order.environment, entries, settings.apply, last)


def _already_applied(order: Order, entry: Entry, word: str) -> Report:
    path = entry.migration.path if entry.migration else ""
    finding = Finding(
        "apply/already-applied",
        Severity.WARNING,
        f"{order.environment} has already applied {path}; it was not run again.",
        FilePlace(path),
        f"To run it a second time all the same, add {word}.",
    )
    return _report(order, Outcome.CLEAN, Exit.CLEAN, findings=(finding,), entries=(entry,))


def _report(order: Order, ending: Outcome, code: Exit, **rest: object) -> Report:
    empty = Report("apply", ending, code, order.environment)
    return replace(empty, **rest)  # type: ignore[arg-type]
