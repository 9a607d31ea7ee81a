"""`drift` of many databases: read all, judge once whatever is the same, and name the others.

Of databases that are the same only one is kept in memory, and only that one is compared.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from migrate_hooks.actions import drift, drift_env, drift_next, drift_read, fleet, outcome
from migrate_hooks.actions import sources as files
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.drift_report import Comparison
from migrate_hooks.actions.fleet import Fleet, Shard
from migrate_hooks.actions.sources import Source
from migrate_hooks.config import targets
from migrate_hooks.errors import Failure
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import Finding
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import amount

SAME = "the same"
_MOST_JUDGED = 20
"""How many different schemas are judged: where there are more, nobody reads about the rest."""

Judge = Callable[[Seen], Comparison]


@dataclass(frozen=True, slots=True)
class Alike:
    """Databases with the same schema and the same ledger; `seen` is one of them."""

    seen: Seen
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found about databases that are alike: a comparison, or why there is none."""

    alike: Alike
    found: Comparison | Failure


def against_files(settings: Settings, name: str, shard: Shard, *, strict: bool) -> Report:
    """Compare every database of environment `name` with what is applied there.

    Raises as `config.fleet.members` does, and NoMigrationsFolder.
    """
    source = files.from_worktree(settings)
    all_ = fleet.gather(settings, name, shard)
    return _report(
        all_, source, lambda seen: drift_env.judge(all_.settings, source, seen, strict=strict)
    )


def against_one(settings: Settings, first: str, name: str, shard: Shard, *, strict: bool) -> Report:
    """Compare every database of environment `name` with the environment `first`."""
    source = files.from_worktree(settings)
    all_ = fleet.gather(settings, name, shard)
    here = drift_read.one(targets.target(settings, first), source.ledger)
    others = tuple(one for one in all_.members if one.name != first)
    return _report(
        replace(all_, members=others),
        source,
        lambda seen: drift.judge(all_.settings, source, here, seen, strict=strict),
    )


def _report(all_: Fleet, source: Source, judge: Judge) -> Report:
    groups, failures = _read(all_, source)
    judged = [Judged(one, _judged(one, judge)) for one in groups[:_MOST_JUDGED]]
    left = groups[_MOST_JUDGED:]
    found = [one.found for one in judged if isinstance(one.found, Comparison)]
    findings = (*_findings(judged), *_doubts(judged), *failures.values())
    unchecked = bool(
        failures or left or len(found) < len(judged) or any(one.unchecked for one in found)
    )
    ending, code = outcome.of(findings, unchecked=unchecked)
    return Report(
        action="drift",
        environment=all_.many.name,
        outcome=ending,
        exit_code=code,
        findings=findings,
        differences=tuple(each for one in found for each in one.differences),
        listings=(_listing(judged, left, failures),) if all_.members else (),
        notes=(
            *_notes(all_, judged, left, failures),
            *drift_next.lines([each for one in found for each in one.differences]),
        ),
    )


def _read(all_: Fleet, source: Source) -> tuple[list[Alike], dict[str, Finding]]:
    """Read every database; return those that are alike together, the most usual first."""
    kept: dict[bytes, Seen] = {}
    names: dict[bytes, list[str]] = {}
    failures: dict[str, Finding] = {}

    def work(member: Environment) -> Seen | Failure:
        try:
            target = targets.target(all_.settings, member.name)
            return drift_read.one(target, source.ledger)
        except Failure as failure:
            return failure

    with fleet.crew(fleet.PARALLEL) as crew:
        for member, seen in crew.each(all_.members, work, lambda: True, _let_go):
            if isinstance(seen, Failure):
                failures[member.name] = outcome.not_checked(member.name, seen)
                continue
            mark = _mark(seen)
            names.setdefault(mark, []).append(member.name)
            if mark not in kept or member.name < kept[mark].target.environment:
                kept[mark] = seen
    alike = [Alike(kept[mark], tuple(sorted(found))) for mark, found in names.items()]
    ordered = sorted(alike, key=lambda one: (-len(one.names), one.names))
    return ordered, dict(sorted(failures.items()))


def _let_go() -> None:
    raise KeyboardInterrupt


def _mark(seen: Seen) -> bytes:
    """Return what only databases share that are judged alike: schema, ledger, what is unread."""
    total = sha256()
    for line in sorted(seen.reading.lines):
        total.update(line)
    rows = [
        (one.version.text, one.failed, one.sha256, one.fingerprint, one.checksum, one.text)
        for one in seen.applied
    ]
    unread = [(one.kind, one.reason) for one in seen.reading.unchecked]
    rest = (rows, unread, seen.reading.unmodelled, seen.major, str(seen.failure), seen.worker)
    total.update(repr(rest).encode(errors="surrogatepass"))
    return total.digest()


def _judged(one: Alike, judge: Judge) -> Comparison | Failure:
    try:
        return judge(one.seen)
    except Failure as failure:
        return failure


def _findings(judged: Sequence[Judged]) -> Iterator[Finding]:
    """Yield what was found once for all that are alike."""
    for one in judged:
        if isinstance(one.found, Comparison):
            others = one.alike.names[1:]
            for finding in one.found.findings:
                said = f" The same goes for {fleet.named(others)}." if others else ""
                yield replace(finding, message=f"{finding.message}{said}")


def _doubts(judged: Sequence[Judged]) -> Iterator[Finding]:
    for one in judged:
        if isinstance(one.found, Failure):
            yield outcome.not_checked(one.alike.names[0], one.found)


def _listing(
    judged: Sequence[Judged], left: Sequence[Alike], failures: Mapping[str, Finding]
) -> Listing:
    rows = [(name, _word(one)) for one in judged for name in one.alike.names]
    rows += [(name, "NOT CHECKED") for one in left for name in one.names]
    rows += [(name, "NOT CHECKED") for name in failures]
    odd = [row for row in rows if row[1] != SAME]
    even = [row for row in rows if row[1] == SAME]
    return Listing("Databases", ("database", "state"), (*odd, *even), min(len(odd), fleet.SHOWN))


def _word(one: Judged) -> str:
    if isinstance(one.found, Failure) or one.found.unchecked:
        return "NOT CHECKED"
    count = len(one.found.differences)
    return amount(count, "difference") if count else SAME


def _notes(
    all_: Fleet, judged: Sequence[Judged], left: Sequence[Alike], failures: Mapping[str, Finding]
) -> Iterator[str]:
    kinds = len(judged) + len(left)
    alike = f"{kinds} different schemas or ledgers among them" if kinds > 1 else "all alike"
    yield f"{all_.called}, {alike}:"
    for one in judged:
        count = len(one.alike.names)
        like = f"{count} like {one.alike.names[0]}" if count > 1 else one.alike.names[0]
        yield f"  {like}: {_word(one)}"
    if left:
        count = sum(len(one.names) for one in left)
        yield f"  {count} more in {len(left)} further schemas: NOT CHECKED"
    if failures:
        yield f"  {len(failures)} could not be asked: NOT CHECKED"
    for one in judged:
        if isinstance(one.found, Comparison):
            for reason in one.found.unchecked:
                yield f"{one.alike.names[0]} NOT CHECKED: {reason}"
