"""`drift`: what the schema of one environment has that the other's has not."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from migrate_hooks.actions import outcome, sources, status
from migrate_hooks.config import targets
from migrate_hooks.errors import Failure, Refused
from migrate_hooks.model.environment import Target
from migrate_hooks.model.finding import Finding, ObjectPlace
from migrate_hooks.model.history import State
from migrate_hooks.model.migration import Migration
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import Difference, Snapshot
from migrate_hooks.model.settings import Settings
from migrate_hooks.schema import advice, attribute, compare
from migrate_hooks.schema.identity import dotted
from migrate_hooks.sql import parse


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two environments compared.

    `differences` are all of them, the worst first; `findings` speak of those that nothing explains.
    `unchecked` names kinds that one side could not read, with the reason. `counts` is (kind, how
    many objects) of what was compared. `notes` are sentences about pending migrations.
    """

    source: str
    target: str
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    notes: tuple[str, ...] = ()


def run(settings: Settings, source: str, target: str) -> Report:
    """Compare two environments by name.

    Raises Refused for one environment twice or two names of one database, UnknownEnvironment,
    MissingDsn, BadDsn, and Unreachable when one of them cannot be asked.
    """
    if source == target:
        raise Refused(
            f"{source} was to be compared with itself, which cannot find anything.",
            _two(settings, source),
        )
    here, there = targets.target(settings, source), targets.target(settings, target)
    found = between(here, there, settings.exposed_schemas)
    waiting = _waiting(settings, target) if found.differences else ()
    return report(replace(found, notes=(*found.notes, *waiting)))


def _waiting(settings: Settings, target: str) -> tuple[str, ...]:
    """Return a sentence about what is pending there: no hand has to bring what a file brings."""
    try:
        files = sources.from_worktree(settings)
    except Failure:
        return ()
    entries = status.stand(settings, target, files.migrations, files.ledger).entries
    count = sum(each.state in (State.PENDING, State.OUT_OF_ORDER) for each in entries)
    if not count:
        return ()
    return (
        f"{count} pending on {target}, which may bring what is missing there: "
        f"migrate-hooks apply --env={target} --dry-run",
    )


def between(
    source: Target,
    target: Target,
    exposed: Collection[str],
    pending: Sequence[Migration] = (),
    connect_timeout: int = 10,
    query_timeout: int = 30,
) -> Comparison:
    """Read both databases at the same time and compare them.

    `pending` are the migrations that wait on the target; what they touch is explained by them.
    Both timeouts in seconds. Raises Unreachable, UnsupportedServer, and Refused when both names
    lead to the same database.
    """
    with ThreadPoolExecutor(2) as pool:
        here, there = pool.map(
            lambda each: _read(each, connect_timeout, query_timeout), (source, target)
        )
    if here.address == there.address:
        raise _same_database(source, target)
    found = compare.compare(here.snapshot, there.snapshot, exposed)
    names, notes = _names(pending)
    differences = tuple(
        replace(each, source=source.environment, target=target.environment)
        for each in attribute.explain(found, names)
    )
    unread = (*here.snapshot.unchecked, *there.snapshot.unchecked)
    return Comparison(
        source.environment,
        target.environment,
        differences,
        tuple(_findings(differences, source.environment, target.environment)),
        tuple(f"{_plural(each.kind)} of {each.environment} ({each.reason})" for each in unread),
        _counts(here.snapshot, there.snapshot),
        notes,
    )


def report(comparison: Comparison) -> Report:
    """Return the report of a comparison; only unexplained differences decide how it ends."""
    ending, code = outcome.of(comparison.findings, unchecked=bool(comparison.unchecked))
    return Report(
        action="drift",
        environment=comparison.target,
        outcome=ending,
        exit_code=code,
        findings=comparison.findings,
        differences=comparison.differences,
        notes=tuple(_notes(comparison)),
    )


def _findings(differences: Sequence[Difference], source: str, target: str) -> Iterator[Finding]:
    for each in differences:
        if each.cause is None:
            yield Finding(
                f"drift/{each.change}-{each.kind.replace(' ', '-')}",
                each.severity,
                advice.message(each, source, target),
                ObjectPlace(target, each.kind, dotted(each.identity)),
                advice.hint(each, source, target),
            )


def _names(
    pending: Sequence[Migration],
) -> tuple[tuple[tuple[str, parse.Names], ...], tuple[str, ...]]:
    """Return (label, objects named) of each migration, and a sentence for each that is no SQL."""
    read = [(f"{each.version.text}_{each.name}", parse.names(each.up.text)) for each in pending]
    notes = [
        f"Pending {label} could not be parsed, so it explains no difference."
        for label, names in read
        if names is None
    ]
    return tuple((label, names) for label, names in read if names is not None), tuple(notes)


@dataclass(frozen=True, slots=True)
class _Reading:
    address: tuple[str, ...]
    snapshot: Snapshot


def _read(target: Target, connect_timeout: int, query_timeout: int) -> _Reading:
    from migrate_hooks.outside import postgres
    from migrate_hooks.schema import snapshot

    with postgres.session(target, connect_timeout=connect_timeout) as session:
        address = snapshot.address(session)
        return _Reading(address, snapshot.take(session, target.environment, query_timeout))


def _same_database(source: Target, target: Target) -> Refused:
    return Refused(
        f"{source.environment} and {target.environment} are the same database "
        f"({target.address}, {target.database}), so comparing them cannot find anything.",
        f"Check {source.source} and {target.source}: one of them holds the other's DSN.",
    )


def _two(settings: Settings, name: str) -> str:
    """Name the environment before `name` in the chain, which is what it usually differs from."""
    names = [each.name for each in settings.environments]
    before = names[: names.index(name)] if name in names else names
    other = next(iter([*reversed(before), *(each for each in names if each != name)]), None)
    if other is None:
        return "Add another environment to the configuration to compare it with."
    return f"Name two environments: migrate-hooks drift --source={other} --target={name}."


def _counts(here: Snapshot, there: Snapshot) -> tuple[tuple[str, int], ...]:
    skipped = {each.kind for each in (*here.unchecked, *there.unchecked)}
    both = Counter(each.kind for each in here.objects) | Counter(
        each.kind for each in there.objects
    )
    compared = [(kind, count) for kind, count in both.items() if kind not in skipped]
    return tuple(sorted(compared, key=lambda pair: (pair[0] != "table", -pair[1], pair[0])))


def _notes(comparison: Comparison) -> Iterator[str]:
    names = f"{comparison.target} and {comparison.source}"
    compared = ", ".join(_amount(*each) for each in comparison.counts)
    if comparison.differences or comparison.unchecked:
        yield f"Compared {names}: {compared}."
    else:
        yield f"{names} have the same schema: {compared} compared."
    explained = sum(each.cause is not None for each in comparison.differences)
    if explained:
        yield f"{explained} of the differences will go away with pending migrations."
    yield from comparison.notes
    for each in comparison.unchecked:
        yield f"NOT CHECKED: {each}."


def _amount(kind: str, count: int) -> str:
    one = "row security setting" if kind == "row security" else kind
    return f"{count} {one if count == 1 else _plural(kind)}"


def _plural(kind: str) -> str:
    if kind == "row security":
        return "row security settings"
    if kind == "policy":
        return "policies"
    return f"{kind}es" if kind.endswith("x") else f"{kind}s"
