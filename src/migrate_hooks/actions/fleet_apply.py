"""`apply` to many databases: a few first, then waves, until enough of them have failed.

Each database is brought forward exactly as a single one is, with its own lock, ledger and books. So
nothing has to be remembered: to go on is to run the same command again.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from shlex import quote

from migrate_hooks.actions import apply, fleet, fleet_rollout, fleet_status, outcome
from migrate_hooks.actions.apply import Order
from migrate_hooks.actions.fleet import Fleet
from migrate_hooks.actions.fleet_rollout import DONE, FAILED, LEFT, Ended, Progress, Rollout, Work
from migrate_hooks.actions.fleet_status import Stand
from migrate_hooks.actions.sources import Source
from migrate_hooks.actions.voice import Voice
from migrate_hooks.errors import Exit
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Listing, Outcome, Report
from migrate_hooks.model.settings import Settings

_HALF = frozenset({Exit.PARTIAL, Exit.INTERRUPTED})


def run(
    settings: Settings, order: Order, source: Source, voice: Voice, rollout: Rollout | None
) -> Report:
    """Bring every database forward that is behind; raises as `config.fleet.members` does.

    Returns a report that refuses where too many cannot be asked, or consent is missing.
    """
    how = rollout or Rollout()
    all_ = fleet.gather(settings, order.environment, how.shard)
    stands = fleet_status.survey(all_, source, how.parallel)
    voice.say(fleet_status.summary(all_, stands))
    work = Work(all_, _behind(all_, stands, order), order, source, voice, how)
    unchecked = tuple(one for one in stands if not one.checked)
    if len(unchecked) >= how.stop_after:
        return _stopped_before(work, stands, unchecked)
    if not work.waiting:
        return _nothing(work, stands)
    if order.dry_run:
        return _rehearsed(work)
    missing = _consent_missing(work)
    if missing:
        return _made(order, Outcome.REFUSED, Exit.FINDINGS, (missing,))
    progress = Progress()
    for one in unchecked:
        progress.note(Ended(one.environment, one.state, Exit.UNCHECKED, one.findings))
    fleet_rollout.carry_out(work, progress)
    return _report(work, stands, progress)


def _behind(all_: Fleet, stands: Sequence[Stand], order: Order) -> tuple[Environment, ...]:
    """Return the databases to work on; one named migration may be meant again for each."""
    standing = {one.environment: one for one in stands}
    return tuple(
        one
        for one in all_.members
        if standing[one.name].checked and (standing[one.name].pending or order.migration)
    )


def _stopped_before(work: Work, stands: Sequence[Stand], unchecked: Sequence[Stand]) -> Report:
    note = (
        f"Nothing was applied: {len(unchecked)} of {len(stands)} databases cannot be asked. Mend "
        f"that, or say how many may fail: --stop-after={len(unchecked) + 1}."
    )
    findings, listings = fleet_status.together(unchecked), fleet_status.listings(stands)
    return _made(work.order, Outcome.UNCHECKED, Exit.UNCHECKED, findings, listings, (note,))


def _nothing(work: Work, stands: Sequence[Stand]) -> Report:
    unchecked = any(not one.checked for one in stands)
    findings = fleet_status.together(stands)
    ending, code = outcome.of(findings, unchecked=unchecked)
    notes = (fleet_status.summary(work.all, stands), apply.NOTHING_TO_DO)
    return _made(work.order, ending, code, findings, fleet_status.listings(stands), notes)


def _rehearsed(work: Work) -> Report:
    """Return the dry run of the first database, and the waves that would follow."""
    own = replace(work.order, environment=work.waiting[0].name)
    report = apply.one(work.all.settings, own, work.source, work.voice)
    sizes = ", ".join(str(len(group)) for group in work.groups)
    note = (
        f"{len(work.waiting)} of {work.all.called} are behind: waves of {sizes}, "
        f"first {fleet.named([one.name for one in work.groups[0]])}. What would run there:"
    )
    return replace(report, environment=work.order.environment, notes=(note, *report.notes))


def _consent_missing(work: Work) -> Finding | None:
    """Return what a protected environment lacks, asked for once and not for each database."""
    many, consent = work.all.many, work.order.consent
    if not many.protected:
        return None
    if not consent.force:
        return _refusal(
            "protected",
            many.name,
            f"{work.all.called} is protected, so nothing was changed.",
            f"Read it first with `{work.order.command} --dry-run`; then say it twice: "
            f"`{work.order.command} --force --yes={many.name}`.",
        )
    question = f"{work.all.called} is protected. Type {many.name} to go on: "
    if (consent.yes or work.voice.ask(question)) == many.name:
        return None
    return _refusal(
        "unconfirmed",
        many.name,
        f"{work.all.called} is protected, and its name was not given as the second word. Nothing "
        "was changed.",
        f"Type {many.name} when you are asked, or add --yes={many.name} where nobody can be asked.",
    )


def _refusal(code: str, name: str, message: str, hint: str) -> Finding:
    return Finding(f"guard/{code}", Severity.CRITICAL, message, ObjectPlace.whole(name), hint)


def _report(work: Work, stands: Sequence[Stand], progress: Progress) -> Report:
    waiting = {one.name for one in work.waiting}
    ended = [progress.ended.get(one.environment) or _untouched(one, waiting) for one in stands]
    code = _code(ended, progress)
    ending = {Exit.CLEAN: Outcome.CLEAN, Exit.PARTIAL: Outcome.PARTIAL}.get(code, Outcome.FAILED)
    stood = [Stand(one.environment, "", "", 0, one.findings) for one in ended]
    findings = fleet_status.together(stood)
    notes = tuple(_notes(work, ended))
    return _made(work.order, ending, code, findings, _listings(ended), notes)


def _untouched(stand: Stand, waiting: Collection[str]) -> Ended:
    state = LEFT if stand.environment in waiting else "up to date"
    return Ended(stand.environment, state, findings=stand.findings)


def _code(ended: Sequence[Ended], progress: Progress) -> Exit:
    """Return how it ends: the failure's own code where nothing else happened, else PARTIAL."""
    bad = [one.exit_code for one in ended if one.exit_code != Exit.CLEAN]
    if progress.interrupted:
        return Exit.INTERRUPTED
    if not bad:
        return Exit.CLEAN
    some = any(one.state == DONE for one in ended) or any(code in _HALF for code in bad)
    return Exit.PARTIAL if some else bad[0]


def _listings(ended: Sequence[Ended]) -> tuple[Listing, ...]:
    order = (FAILED, "NOT CHECKED", LEFT, DONE)
    rank = {state: place for place, state in enumerate(order)}
    rows = tuple(
        (one.environment, one.state)
        for one in sorted(ended, key=lambda each: rank.get(each.state, len(order)))
    )
    odd = sum(one.state in order[:2] for one in ended)
    return (Listing("Databases", ("database", "state"), rows, min(odd, fleet.SHOWN)),)


def _notes(work: Work, ended: Sequence[Ended]) -> Iterator[str]:
    states = [one.state for one in ended]
    counted = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states)))
    yield f"{work.all.called}: {counted}."
    bad = next((one for one in ended if one.state == FAILED), None)
    if bad:
        yield f"Look at one: migrate-hooks status --env={quote(bad.environment)}"
    part = work.all.shard
    again = work.order.command + (f" --shard={part}" if part.of > 1 else "")
    if any(one.state == FAILED and one.environment in _canary(work) for one in ended):
        yield (
            "The canary failed, so no other database was begun. Mend it first; if it alone is "
            f"wrong, go on without: {again} --canary=0 --stop-after=2"
        )
    if bad or LEFT in states:
        yield f"Go on with the same command: {again} leaves out what is done."


def _canary(work: Work) -> set[str]:
    """Return the databases that nothing else is begun without; none where there are no others."""
    groups = work.groups
    return {one.name for one in groups[0]} if work.how.canary and len(groups) > 1 else set()


def _made(
    order: Order,
    outcome: Outcome,
    code: Exit,
    findings: tuple[Finding, ...],
    listings: tuple[Listing, ...] = (),
    notes: tuple[str, ...] = (),
) -> Report:
    return Report(
        action="apply",
        environment=order.environment,
        outcome=outcome,
        exit_code=code,
        findings=findings,
        listings=listings,
        notes=notes,
    )
