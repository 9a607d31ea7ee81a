"""The checks of one pushed branch, all at the same time, and the verdict that they come to."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from itertools import chain

from migrate_hooks.actions import (
    lint,
    push_case,
    push_drift,
    push_refs,
    push_rehearsal,
    push_time,
    still_used,
    whereabouts,
)
from migrate_hooks.actions.push_case import Case, Checked
from migrate_hooks.actions.push_verdict import Verdict
from migrate_hooks.actions.replay import ENVIRONMENT
from migrate_hooks.errors import Failure, NotInTime
from migrate_hooks.history import guard, judge, outline, plan, promotion, soundness
from migrate_hooks.history.promotion import Earlier
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.history import Applied, Entry, State
from migrate_hooks.model.migration import called
from migrate_hooks.outside import git

_SERIOUS = (State.UNKNOWN, State.CHANGED, State.FAILED, State.OUT_OF_ORDER)

_RESERVE = 0.5
"""Seconds that what is found leaves for saying it."""

_ONLY_WARNS = "what still uses it"

Checks = dict[str, "Future[Checked]"]


def begin(case: Case) -> Checks:
    """Begin every check of a branch."""
    commit = case.commit
    if commit is None:
        return {"what is applied": push_time.start(lambda: _deleted(case))}
    found: Checks = {"lint": push_time.start(lambda: _lint(case, commit))}
    if push_refs.is_rewritten(case.settings, case.before, commit):
        found["what is lost"] = push_time.start(lambda: _rewritten(case))
    found["status"] = push_time.start(lambda: _status(case))
    if case.earlier and case.settings.push.promotion != "off":
        found["promotion"] = push_time.start(lambda: _promotion(case))
    found["drift"] = push_time.start(lambda: push_drift.check(case))
    found["rehearsal"] = push_time.start(lambda: _rehearsal(case))
    if case.before:
        found[_ONLY_WARNS] = push_time.start(lambda: _still_used(case))
    return found


def gather(case: Case, checks: Checks) -> Verdict:
    """Wait for the checks as long as there is time, and say what they come to."""
    done: list[Checked] = []
    missing: dict[Failure, list[str]] = {}
    late = case.deadline.passed
    for name, future in checks.items():
        try:
            done.append(push_time.wait(future, case.deadline, late))
        except Failure as failure:
            missing.setdefault(failure, []).append(name)
    # What only ever warns cannot block by being late.
    serious = {
        failure: [one for one in names if one != _ONLY_WARNS] for failure, names in missing.items()
    }
    doubts = (
        push_case.unchecked(case.environment, failure, names)
        for failure, names in serious.items()
        if names
    )
    findings = _once([*(one for each in done for one in each.findings), *doubts])
    verdict = Verdict(
        case.environment,
        findings,
        tuple(one for each in done for one in each.differences),
        tuple(one for each in done for one in each.deploys),
        tuple(dict.fromkeys([*_all(missing.values()), *_all(one.unchecked for one in done)])),
        tuple(dict.fromkeys(_all(one.notes for one in done))),
        is_deletion=case.commit is None,
    )
    return replace(verdict, next_steps=tuple(_next_steps(verdict)))


def _all(groups: Iterable[Iterable[str]]) -> Iterator[str]:
    return chain.from_iterable(groups)


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Leave out what two checks found at the same place of the same file."""
    return tuple({_identity(one): one for one in findings}.values())


def _identity(finding: Finding) -> tuple[object, ...]:
    """Return what makes two findings one: in a file the place, unless one of them is silenced."""
    by_place = isinstance(finding.place, FilePlace) and finding.severity is not Severity.INFO
    return finding.code, finding.place, "" if by_place else finding.message


def _deleted(case: Case) -> Checked:
    words = (case.settings, case.environment, case.before, _applied(case))
    return Checked((push_refs.deleted(*words),))


def _applied(case: Case) -> tuple[Applied, ...]:
    """Return the ledger's rows, none where they are not known: that is told elsewhere."""
    try:
        return case.site.look.facts.result().applied
    except Failure:
        return ()


def _lint(case: Case, commit: str) -> Checked:
    """Judge the migrations that are new to the branch, and what cannot even be read as one."""
    source = case.site.source().result()
    linted = lint.pushed(case.settings, commit, case.before)
    return Checked((*source.problems, *guard.duplicates(source.migrations), *linted))


def _rewritten(case: Case) -> Checked:
    assert case.before is not None  # noqa: S101 - only what stood somewhere is rewritten
    new = {one.version.text: one for one in case.site.source().result().migrations}
    words = (case.settings, case.environment, case.before, new, _applied(case))
    return Checked((push_refs.rewritten(*words),))


def _status(case: Case) -> Checked:
    """Find what the ledger and the files do not agree about, and what this push will deploy."""
    facts = case.site.look.facts.result()
    entries = push_case.entries(case)
    serious = [one for one in entries if one.state in _SERIOUS]
    located = _located(case, serious)
    moved = [one for one in entries if one.state is State.RENUMBERED]
    findings = (
        *judge.findings(located, Severity.CRITICAL),
        *soundness.of_progress(case.environment.name, facts.begun, "status"),
        *judge.findings(moved, Severity.WARNING),
    )
    deploys = tuple(called(one.path) for one in push_case.pending(case))
    told = Checked(findings, notes=_costs(case, entries), deploys=deploys)
    return push_case.with_age(case, case.site, told)


def _located(case: Case, serious: Sequence[Entry]) -> Sequence[Entry]:
    """Add what git knows of them; a long history must not make a finding come too late."""
    if not serious:
        return serious
    looking = push_time.start(partial(whereabouts.locate, case.settings.root, serious))
    try:
        return push_time.wait(looking, case.deadline.sooner(_RESERVE))
    except NotInTime:
        return serious


def _costs(case: Case, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Return lines about the locks and hazards of what would be deployed."""
    todo = plan.pending(case.environment.name, entries, case.settings.apply)
    return tuple(line.strip() for line in outline.costs(todo))


def _promotion(case: Case) -> Checked:
    """Find what arrives without having been where migrations come from."""
    assert case.earlier is not None  # noqa: S101 - begin() asked
    site = case.earlier
    files = push_refs.files(case.settings, site.commit) if site.commit else None
    try:
        rows = site.look.facts.result().applied
    except Failure as failure:  # its branch is known all the same
        told = Checked(_arriving(case, Earlier(site.environment, files, None)))
        name = f"what {site.environment.name} has applied"
        return push_case.with_doubt(case, told, name, failure)
    applied = {one.version.text: one for one in rows}
    told = Checked(_arriving(case, Earlier(site.environment, files, applied)))
    return push_case.with_age(case, site, told)


def _arriving(case: Case, earlier: Earlier) -> tuple[Finding, ...]:
    strict = case.settings.push.promotion == "block"
    severity = Severity.CRITICAL if strict else Severity.WARNING
    return promotion.judge(case.environment, earlier, push_case.pending(case), severity)


def _rehearsal(case: Case) -> Checked:
    seen, source = case.site.look.seen.result(), case.site.source().result()
    entries = reconcile(case.environment.name, source.migrations, seen.applied)
    done = push_rehearsal.run(case.settings, source, seen, entries)
    return Checked(done.findings, notes=done.notes)


def _still_used(case: Case) -> Checked:
    """Search the commit that is deployed now for what the new migrations take away."""
    root, before, source = case.settings.root, case.before, case.site.source().result()
    if before is None or git.resolve(root, before) is None:  # not fetched, so not here to search
        return Checked()
    there = frozenset(git.list_tree(root, before, source.folder))
    new = [one for one in source.migrations if one.path not in there]
    return Checked(still_used.findings(case.settings, before, new))


def _next_steps(verdict: Verdict) -> Iterator[str]:
    """Yield what to type to see more; what mends a finding stands beside it."""
    name = verdict.environment.name
    codes = [one.code for one in verdict.findings if one.severity is Severity.CRITICAL]
    if any(code.startswith("status/") for code in codes):
        yield f"migrate-hooks status --env={name}"
    if any(code.startswith("drift/") for code in codes):
        worst = next(one for one in verdict.differences if one.severity is Severity.CRITICAL)
        two = f"--source={worst.source} --target={name}"
        yield f"migrate-hooks drift {f'--env={name}' if worst.source == ENVIRONMENT else two}"
    if verdict.deploys and not verdict.is_blocked:
        yield f"migrate-hooks apply --env={name} --dry-run"
