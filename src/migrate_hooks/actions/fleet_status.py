"""`status` of many databases: which are where, told once for all that stand alike."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from migrate_hooks.actions import fleet, outcome, sources, status
from migrate_hooks.actions.fleet import Fleet, Shard
from migrate_hooks.history import guard, judge
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.history import State
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.settings import Settings

COLUMNS = ("database", "newest applied", "pending", "state")
_WAITS = (State.PENDING, State.OUT_OF_ORDER)


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one database stands: its newest version, how many migrations wait, what is wrong.

    `checked` is False where it could not be asked.
    """

    environment: str
    database: str
    newest: str
    pending: int
    findings: tuple[Finding, ...] = ()
    checked: bool = True

    @property
    def state(self) -> str:
        """One word or two for a table."""
        if not self.checked:
            return "NOT CHECKED"
        if self.findings:
            return ", ".join(sorted({one.code.rpartition("/")[2] for one in self.findings}))
        return "pending" if self.pending else "up to date"


def run(settings: Settings, name: str, shard: Shard) -> Report:
    """Return the report on every database of environment `name`, or of one shard of them.

    Raises as `config.fleet.members` does, NoMigrationsFolder.
    """
    source = sources.from_worktree(settings)
    all_ = fleet.gather(settings, name, shard)
    stands = survey(all_, source, fleet.PARALLEL)
    doubtful = (*source.problems, *guard.duplicates(source.migrations))
    findings = (*doubtful, *together(stands))
    ending, code = outcome.of(findings, unchecked=any(not one.checked for one in stands))
    return Report(
        action="status",
        environment=name,
        outcome=ending,
        exit_code=code,
        findings=findings,
        listings=listings(stands),
        notes=(summary(all_, stands),),
    )


def survey(all_: Fleet, source: sources.Source, parallel: int) -> tuple[Stand, ...]:
    """Ask every database, a few at a time, and return where each stands, by name."""

    def one(member: Environment) -> Stand:
        found = status.stand(all_.settings, member.name, source.migrations, source.ledger)
        return _stand(member, found)

    with fleet.crew(parallel) as crew:
        found = dict(crew.each(all_.members, one, lambda: True, lambda: None))
    return tuple(found[member] for member in all_.members)


def _stand(member: Environment, found: status.Standing) -> Stand:
    if found.failure:
        doubt = outcome.not_checked(member.name, found.failure)
        return Stand(member.name, member.database, "", 0, (doubt,), checked=False)
    applied = [one for one in found.entries if one.applied and one.state is not State.FAILED]
    newest = max((one.version for one in applied), default=None)
    waits = sum(one.state in _WAITS for one in found.entries)
    said = (*judge.findings(found.entries, Severity.WARNING), *status.halfway(found))
    return Stand(member.name, member.database, newest.text if newest else "(none)", waits, said)


def together(stands: Sequence[Stand]) -> tuple[Finding, ...]:
    """Return each finding once, with the other databases that it is true of."""
    first: dict[tuple[str, str], Finding] = {}
    where: dict[tuple[str, str], list[str]] = {}
    for stand in stands:
        for one in stand.findings:
            key = (one.code, one.message.replace(stand.environment, ""))
            first.setdefault(key, one)
            where.setdefault(key, []).append(stand.environment)
    return tuple(_also(one, where[key][1:]) for key, one in first.items())


def _also(finding: Finding, others: Sequence[str]) -> Finding:
    if not others:
        return finding
    message = f"{finding.message} The same goes for {fleet.named(others)}."
    return replace(finding, message=message)


def listings(stands: Sequence[Stand]) -> tuple[Listing, ...]:
    """Return a table of what there is how often, and one of every database, the odd ones first."""
    if not stands:
        return ()
    kinds = Counter((one.newest, one.pending, one.state) for one in stands)
    usual = kinds.most_common(1)[0][0]
    rows = tuple(
        (str(count), newest, str(pending), state)
        for (newest, pending, state), count in kinds.most_common()
    )
    is_usual = {
        one: (one.newest, one.pending, one.state) == usual and not one.findings for one in stands
    }
    each = tuple(
        (one.environment, one.newest, str(one.pending), one.state)
        for one in sorted(stands, key=is_usual.__getitem__)
    )
    odd = sum(not usual for usual in is_usual.values())
    return (
        Listing("Together", ("databases", *COLUMNS[1:]), rows, fleet.SHOWN),
        Listing("Others" if odd else "Each", COLUMNS, each, min(odd, fleet.SHOWN)),
    )


def summary(all_: Fleet, stands: Sequence[Stand]) -> str:
    """Return one sentence: how many are up to date, wait, are wrong, were not checked."""
    return f"{all_.called}: {', '.join(_counts(stands)) or 'nothing to do'}."


def _counts(stands: Sequence[Stand]) -> Iterator[str]:
    unchecked = sum(not one.checked for one in stands)
    wrong = sum(one.checked and bool(one.findings) for one in stands)
    waits = sum(one.checked and not one.findings and one.pending > 0 for one in stands)
    counted = (
        (len(stands) - unchecked - wrong - waits, "up to date"),
        (waits, "with pending migrations"),
        (wrong, "to be looked at"),
        (unchecked, "NOT CHECKED"),
    )
    return (f"{count} {words}" for count, words in counted if count)
