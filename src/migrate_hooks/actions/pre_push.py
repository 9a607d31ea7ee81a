"""The gate at `git push`: one verdict for every pushed branch that stands for an environment.

Judged is the tree of the pushed commit, never the working tree. A push is blocked by what would
break the environment; what could not be asked is said to be not checked, and blocks where the
configuration wants it (`unchecked = "block"`, the default of protected environments).
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from migrate_hooks.actions import drift, lint, sources, status, whereabouts
from migrate_hooks.config import branches, targets
from migrate_hooks.errors import Exit, Failure, MissingDsn, Unreachable
from migrate_hooks.history import guard, judge
from migrate_hooks.lint import waived
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Entry, State
from migrate_hooks.model.migration import Migration, called
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.schema import Difference
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.trigger import RefUpdate, Trigger

CONNECT_TIMEOUT = 3
QUERY_TIMEOUT = 3
"""Seconds: git has already contacted the remote, and a slow hook lets that connection time out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about one pushed branch; `deploys` are the migrations it would bring."""

    environment: Environment
    update: RefUpdate
    findings: tuple[Finding, ...] = ()
    entries: tuple[Entry, ...] = ()
    differences: tuple[Difference, ...] = ()
    unchecked: tuple[str, ...] = ()
    note: str = ""


def run(settings: Settings, trigger: Trigger, say: Callable[[str], None]) -> Report:
    """Judge every mapped branch of the push at the same time; unmapped ones pass silently."""
    pairs = [(one, found) for one in trigger.updates if (found := _environment(settings, one))]
    mapped = [pair for pair in pairs if _concerns_us(settings, *pair)]
    if not mapped:
        return Report("hook pre-push", Outcome.CLEAN, Exit.CLEAN)
    names = ", ".join(environment.name for _, environment in mapped)
    say(f"migrate-hooks: checking the push against {names}")
    with ThreadPoolExecutor(len(mapped)) as pool:
        verdicts = list(pool.map(lambda pair: _judge(settings, *pair), mapped))
    return _report(verdicts)


def _environment(settings: Settings, update: RefUpdate) -> Environment | None:
    return branches.environment_of(settings, branches.branch_of_ref(update.remote_ref))


def _concerns_us(settings: Settings, update: RefUpdate, environment: Environment) -> bool:
    """Return whether the push has migrations or its environment a database: else we are silent."""
    if update.local_oid is None or sources.commit_folder(settings, update.local_oid):
        return True
    try:
        targets.target(settings, environment.name)
    except MissingDsn:
        return False
    except Failure:
        return True
    return True


def _judge(settings: Settings, update: RefUpdate, environment: Environment) -> Verdict:
    if update.local_oid is None:
        note = (
            f"{environment.branch} is deleted; nothing is deployed to {environment.name} by that."
        )
        return Verdict(environment, update, note=note)
    try:
        source = sources.from_commit(settings, update.local_oid)
        linted = lint.pushed(settings, update.local_oid, update.remote_oid)
    except Failure as failure:
        return Verdict(environment, update, (_blocking(environment, failure),))
    files = _once((*source.problems, *guard.duplicates(source.migrations), *linted))
    standing = status.stand(
        settings, environment.name, source.migrations, source.ledger, CONNECT_TIMEOUT
    )
    if standing.failure:
        doubt, words = _unchecked(environment, "status and drift", standing.failure)
        return Verdict(environment, update, (*files, *doubt), unchecked=(words,))
    serious = whereabouts.locate(settings.root, _serious(standing.entries))
    judged = judge.findings(serious, Severity.CRITICAL)
    late = judge.findings(_late(standing.entries), Severity.WARNING)
    differences, drifted, unchecked = _drift(settings, environment, standing.entries)
    findings = (*files, *judged, *status.halfway(standing), *late, *drifted)
    return Verdict(environment, update, findings, standing.entries, differences, unchecked)


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Leave out what two checks found at the same place of the same file."""
    return tuple({_identity(one): one for one in findings}.values())


def _identity(finding: Finding) -> tuple[object, ...]:
    """Return what makes two findings one; of those that were silenced the message tells which."""
    silenced = finding.message if finding.severity is Severity.INFO else ""
    return finding.code, finding.place, silenced


_SERIOUS = (State.UNKNOWN, State.CHANGED, State.FAILED)


def _serious(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(one for one in entries if one.state in _SERIOUS)


def _late(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple(one for one in entries if one.state in (State.OUT_OF_ORDER, State.RENUMBERED))


def _pending(entries: Sequence[Entry]) -> tuple[Migration, ...]:
    states = (State.PENDING, State.OUT_OF_ORDER)
    return tuple(one.migration for one in entries if one.state in states and one.migration)


def _drift(
    settings: Settings, environment: Environment, entries: Sequence[Entry]
) -> tuple[tuple[Difference, ...], tuple[Finding, ...], tuple[str, ...]]:
    """Compare the environment with the one before it in the chain, less what is pending."""
    earlier = branches.before(settings, environment)
    if earlier is None:
        return (), (), ()
    try:
        source = targets.target(settings, earlier.name)
        found = drift.between(
            source,
            targets.target(settings, environment.name),
            settings.exposed_schemas,
            _pending(entries),
            connect_timeout=CONNECT_TIMEOUT,
            query_timeout=QUERY_TIMEOUT,
        )
    except Failure as failure:
        doubt, words = _unchecked(environment, f"drift against {earlier.name}", failure)
        return (), doubt, (words,)
    doubt = _unread(environment, found.unchecked) if found.unchecked else ()
    return found.differences, (*found.findings, *doubt), found.unchecked


def _unread(environment: Environment, kinds: Sequence[str]) -> tuple[Finding, ...]:
    """Return the finding about kinds of objects that one of the two databases did not show."""
    failure = Unreachable(
        f"{', '.join(kinds)} could not be read.", "Push again when that database is less busy."
    )
    return _unchecked(environment, "drift", failure)[0]


def _blocking(environment: Environment, failure: Failure) -> Finding:
    place = ObjectPlace(environment.name, "environment", environment.name)
    return Finding(failure.code, Severity.CRITICAL, failure.message, place, failure.hint)


def _unchecked(
    environment: Environment, what: str, failure: Failure
) -> tuple[tuple[Finding, ...], str]:
    """Return the finding about something that could not be asked, and its place in the verdict.

    An environment that nobody configured blocks nobody; one that does not answer may.
    """
    strict = environment.unchecked == "block" and not isinstance(failure, MissingDsn)
    severity = Severity.CRITICAL if strict else Severity.WARNING
    place = ObjectPlace(environment.name, "environment", environment.name)
    message = f"{what.capitalize()} not checked: {failure.message}"
    return (Finding(failure.code, severity, message, place, failure.hint),), what


def _report(verdicts: Sequence[Verdict]) -> Report:
    findings = tuple(finding for one in verdicts for finding in one.findings)
    blocked = any(_is_blocked(one) for one in verdicts)
    passed = Outcome.UNCHECKED if any(one.unchecked for one in verdicts) else Outcome.CLEAN
    return Report(
        action="hook pre-push",
        outcome=Outcome.REFUSED if blocked else passed,
        exit_code=Exit.FINDINGS if blocked else Exit.CLEAN,
        environment=", ".join(one.environment.name for one in verdicts),
        findings=findings,
        differences=tuple(
            found for one in verdicts for found in one.differences if not found.explained
        ),
        notes=tuple(_sentence(one) for one in verdicts),
    )


def _is_blocked(verdict: Verdict) -> bool:
    return any(finding.severity is Severity.CRITICAL for finding in verdict.findings)


def _sentence(verdict: Verdict) -> str:
    branch, name = verdict.environment.branch, verdict.environment.name
    head = f"{name} (branch {branch})"
    if verdict.note:
        return f"{head}: {verdict.note}"
    worst = sum(finding.severity is Severity.CRITICAL for finding in verdict.findings)
    silenced = sum(map(waived.is_silenced, verdict.findings))
    doubt = f"; {silenced} waived or in the baseline" if silenced else ""
    doubt += f"; NOT CHECKED: {', '.join(verdict.unchecked)}" if verdict.unchecked else ""
    if worst:
        return f"{head}: BLOCKED by {worst} critical finding{'s' if worst > 1 else ''}{doubt}"
    return f"{head}: passes{_deploys(verdict)}{doubt}"


def _deploys(verdict: Verdict) -> str:
    names = [called(migration.path) for migration in _pending(verdict.entries)]
    if not names:
        return "; nothing to deploy" if verdict.entries else ""
    explained = sum(found.explained for found in verdict.differences)
    plural = "" if explained == 1 else "s"
    count = f" (explains {explained} difference{plural})" if explained else ""
    return f"; to be deployed: {', '.join(names)}{count}"
