"""From a plan to its report: show it, ask every guard, take a backup if told to, carry it out.

`apply` and `rollback` differ in the plan they make; what may be done with one is decided here.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from migrate_hooks.actions import backup, backup_facts, carry_out, checkout, held, rehearse
from migrate_hooks.actions.backup_words import shown
from migrate_hooks.actions.job import ACTIONS, Job
from migrate_hooks.actions.lookout import Blocker, Lookout
from migrate_hooks.actions.voice import Voice
from migrate_hooks.config import branches
from migrate_hooks.errors import Exit, QueryFailed, UnsupportedServer
from migrate_hooks.history import begun, guard, identity, outline, permission, plan
from migrate_hooks.history.permission import Case
from migrate_hooks.ledgers import bookkeeping, own_tables
from migrate_hooks.ledgers.base import Ledger, quoted
from migrate_hooks.model.books import Books, Identity, Standing
from migrate_hooks.model.consent import Consent
from migrate_hooks.model.environment import Environment, Target
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.history import Plan
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import person, postgres, run_log

_SLOW_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Work:
    """A plan that has steps, and what is needed to judge it and to carry it out.

    `folder` holds the migrations, relative to the root. `command` is what was typed, without words
    of consent. `dry_run` is "", "plan" or "server". `again` runs what the ledger already has;
    `said` are findings that were made on the way to the plan.
    """

    settings: Settings
    environment: Environment
    session: postgres.Session
    ledger: Ledger
    plan: Plan
    folder: str
    command: str
    consent: Consent
    dry_run: str = ""
    again: bool = False
    said: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the database says of itself."""

    standing: Standing
    books: Books


def run(work: Work, voice: Voice) -> Report:
    """Return the report of the run, of the dry run, or of what refuses both.

    Raises UnsupportedServer, LockBusy, and what a backup raises; then nothing was changed.
    """
    unrunnable = guard.cannot_run(work.plan)
    if unrunnable:
        return refused(work, unrunnable)
    if work.dry_run != "plan":
        refuse_unfit_server(work.session)
    facts = _facts(work.session)
    work = replace(work, plan=_located(work))
    case = _case(work, facts)
    found = (*permission.judge(case), *work.said)
    if work.dry_run == "plan":
        return _dry_run(work, found)
    if any(one.severity is Severity.CRITICAL for one in found):
        return refused(work, found)
    if work.dry_run == "server":
        return _rehearsal(work, found, voice)
    for line in outline.lines(work.plan):
        voice.say(line)
    if not _is_confirmed(case, voice):
        return refused(work, (permission.unconfirmed(case),))
    if work.consent.backup:
        taken = backup.take(work.settings, work.environment.name, work.session, voice.say)
        voice.say(f"Backup: {shown(work.settings.root, taken.archive)}")
    return _carried_out(work, facts, found, voice)


def refused(work: Work, findings: tuple[Finding, ...]) -> Report:
    """Return the report of a run that changed nothing."""
    direction = work.plan.steps[0].direction
    done = "applied to" if ACTIONS[direction] == "apply" else "rolled back in"
    note = f"Nothing was {done} {work.environment.name}: this is to be mended first."
    return _report(work, Outcome.REFUSED, Exit.FINDINGS, findings=findings, notes=(note,))


def refuse_unfit_server(session: postgres.Session) -> None:
    """Raise UnsupportedServer for what is behind a transaction pooler or may not be written."""
    name = session.target.environment
    if postgres.is_behind_transaction_pooler(session):
        raise pooled(session.target)
    if session.value("SELECT pg_catalog.current_setting('transaction_read_only')") == "on":
        raise UnsupportedServer(
            f"{name} is read-only (a standby, or set so). Nothing was changed.",
            f"Point {session.target.source} at the primary server.",
        )


def pooled(target: Target) -> UnsupportedServer:
    """Return the failure that a transaction pooler is."""
    return UnsupportedServer(
        f"{target.environment} is reached through a transaction pooler, where neither locks nor "
        "settings hold. Nothing was changed.",
        f"Use the direct connection or the session pooler (port 5432) in {target.source}.",
    )


def _facts(session: postgres.Session) -> _Facts:
    standing = bookkeeping.standing(session)
    return _Facts(standing, own_tables.read(session))


def _located(work: Work) -> Plan:
    version, ledger = work.session.version, work.ledger
    return plan.located(
        held.told(work.session, work.plan),
        work.session.target,
        f"{version // 10_000}.{version % 10_000}",
        ledger.place,
        can_check_client=_can_check_client(work.session),
    )


def _can_check_client(session: postgres.Session) -> bool:
    """Return whether the server's system can tell that a client went away in mid-statement."""
    try:
        session.run("SET client_connection_check_interval = '500ms'")
    except QueryFailed:
        return False
    return True


def _case(work: Work, facts: _Facts) -> Case:
    settings, environment = work.settings, work.environment
    git = checkout.look(settings, environment, work.folder, work.plan.steps)
    owner = branches.environment_of(settings, git.branch if git else None)
    role = quoted(work.session.target.user) if work.session.target.user else "CURRENT_USER"
    return Case(
        environment,
        work.plan,
        work.consent,
        work.command,
        is_first=branches.before(settings, environment) is None,
        owner=owner.name if owner else "",
        checkout=git,
        backup_age=_backup_age(work, facts.books.here),
        clashes=(
            *identity.clashes(environment, facts.books.here, facts.books.recorded),
            *(("", one) for one in begun.refusals(work.plan, facts.books, role)),
        ),
        can_keep_books=facts.standing is not Standing.DENIED,
        database=quoted(facts.books.here.database),
        role=role,
    )


def _backup_age(work: Work, here: Identity) -> int | None:
    """Return the age of the newest good backup in seconds, None without one or a need for one."""
    if work.environment.max_backup_age is None or work.consent.backup:
        return None
    now = backup_facts.now(work.session)
    known = here.system_identifier or ""
    found = backup.newest_good(
        work.settings,
        work.environment.name,
        now,
        system_identifier=known,
        database=here.database,
    )
    return found.age(now) if found else None


def _is_confirmed(case: Case, voice: Voice) -> bool:
    name, said = case.environment.name, case.consent.yes
    if not case.environment.protected:
        return True
    return (said or voice.ask(f"{name} is protected. Type its name to go on: ")) == name


def _dry_run(work: Work, found: tuple[Finding, ...]) -> Report:
    told = tuple(
        replace(one, severity=Severity.WARNING) if one.severity is Severity.CRITICAL else one
        for one in found
    )
    what = "This is what a run does:"
    if any(one.severity is Severity.CRITICAL for one in found):
        what = "A run would be refused as things stand (see the findings); once allowed it does:"
    return _report(
        work,
        Outcome.CLEAN,
        Exit.CLEAN,
        findings=told,
        steps=work.plan.steps,
        notes=(
            f"Dry run: nothing was sent to {work.environment.name}. {what}",
            *outline.lines(work.plan),
        ),
        body=outline.script(work.plan),
    )


def _rehearsal(work: Work, found: tuple[Finding, ...], voice: Voice) -> Report:
    if work.environment.protected or any(
        not step.script.in_transaction for step in work.plan.steps
    ):
        return refused(work, rehearse.refusals(work.environment, work.plan))
    done = rehearse.run(_job(work, voice, "rehearsal", books=False), work.plan)
    return _report(
        work,
        done.outcome,
        done.exit_code,
        findings=(*done.findings, *found),
        steps=done.steps,
        notes=done.notes,
    )


def _carried_out(work: Work, facts: _Facts, found: tuple[Finding, ...], voice: Voice) -> Report:
    run_id = run_log.new_id()
    target = work.session.target
    log = run_log.begin(run_id, lambda text: postgres.redact(text, target))
    books = facts.standing is not Standing.DENIED
    here, recorded = facts.books.here, facts.books.recorded
    needed = identity.needs_record(here, recorded)
    job = _job(work, voice, run_id, books=books, log=log.write)
    _log_plan(work, log.write)
    try:
        done = carry_out.run(job, work.plan, facts.standing, here if needed else None)
    except BaseException:
        _tidy(voice, job, log)
        raise
    with suppress(KeyboardInterrupt):  # it comes too late: what was done is to be told
        log.write("done", outcome=done.outcome, exit_code=int(done.exit_code))
        _tidy(voice, job, log)
    notes = [*done.notes]
    if log.path:
        notes.append(f"Log of this run: {log.path}")
    if job.git_commit is None:
        notes.append("No commit of git is known here, so none is written down.")
    if not books:
        notes.append(
            "This role may neither use nor make schema migrate_hooks, so no history was written."
        )
    return _report(
        work,
        done.outcome,
        done.exit_code,
        findings=(*done.findings, *found),
        steps=done.steps,
        notes=tuple(notes),
    )


def _tidy(voice: Voice, job: Job, log: run_log.RunLog) -> None:
    voice.status("")
    job.lookout.end()
    log.close()


def _log_plan(work: Work, log: Callable[..., None]) -> None:
    log("plan", command=work.command, lines="\n".join(outline.lines(work.plan)))


def _job(
    work: Work,
    voice: Voice,
    run_id: str,
    *,
    books: bool,
    log: Callable[..., None] = lambda _event, **_fields: None,
) -> Job:
    def tell(seen: Blocker) -> None:
        voice.say(f"  waiting for {seen.lock}: {seen.spelled} is in the way")
        log("waiting", lock=seen.lock, blocker=seen.spelled)

    settings, session = work.settings, work.session
    patience = min(_SLOW_SECONDS, (settings.apply.lock_timeout or 60_000) / 3_000)
    return Job(
        session,
        work.ledger,
        settings.apply,
        voice,
        Lookout(session.target, session.backend(), patience, tell),
        run_id,
        person.here(),
        checkout.commit(settings),
        work.again,
        books,
        log,
    )


def _report(work: Work, ending: Outcome, code: Exit, **rest: object) -> Report:
    action = ACTIONS[work.plan.steps[0].direction]
    empty = Report(action, ending, code, work.environment.name)
    return replace(empty, **rest)  # type: ignore[arg-type]
