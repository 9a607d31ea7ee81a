"""What a comparison of schemas comes to: the report, whatever was compared with what."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migrate_hooks.actions import drift_next, outcome
from migrate_hooks.model.finding import Finding, ObjectPlace
from migrate_hooks.model.report import Report
from migrate_hooks.model.schema import Difference, Origin, Unchecked
from migrate_hooks.schema import advice, snapshot
from migrate_hooks.schema.identity import dotted
from migrate_hooks.schema.snapshot import Reading


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two schemas compared.

    `differences` are all of them, the worst first; `findings` speak of those that nothing explains.
    `unchecked` are ends of sentences about what could not be judged. `counts` is (kind, how many
    objects) of what was compared. `notes` are sentences for people.
    """

    source: str
    target: str
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]
    unchecked: tuple[str, ...]
    counts: tuple[tuple[str, int], ...]
    notes: tuple[str, ...] = ()


def report(comparison: Comparison) -> Report:
    """Return the report of a comparison; only its findings decide how it ends."""
    ending, code = outcome.of(comparison.findings, unchecked=bool(comparison.unchecked))
    return Report(
        action="drift",
        environment=comparison.target,
        outcome=ending,
        exit_code=code,
        findings=comparison.findings,
        differences=comparison.differences,
        notes=(*_notes(comparison), *drift_next.lines(comparison.differences)),
    )


def findings(differences: Sequence[Difference], *, strict: bool = False) -> tuple[Finding, ...]:
    """Return what is to be said of each difference that counts: unexplained, or all if `strict`."""
    return tuple(_finding(each) for each in differences if strict or not each.explained)


def _finding(each: Difference) -> Finding:
    on_target = each.origin is Origin.BY_HAND and (each.cause or "").endswith(f"on {each.target}")
    hint = (
        advice.hint_against_files(each)
        if on_target
        else advice.hint(each, each.source, each.target)
    )
    return Finding(
        f"drift/{each.change}-{each.kind.replace(' ', '-')}",
        each.severity,
        advice.message(each, each.source, each.target),
        ObjectPlace(each.target, each.kind, dotted(each.identity)),
        hint,
    )


def unread(here: Reading, there: Reading) -> tuple[str, ...]:
    """Return what could not be read of either side, each as the end of a sentence."""
    missing = (*here.unchecked, *there.unchecked)
    return (*(f"{_whose(each)}{each.reason})" for each in missing), *_unasked(here, there))


def _unasked(here: Reading, there: Reading) -> Iterator[str]:
    """Yield the attributes that only one side was asked for, of kinds that both have any of."""
    if not here.unasked and not there.unasked:
        return
    shared = snapshot.counts(here).keys() & snapshot.counts(there).keys()
    for each in (here, there):
        for kind, attribute in each.unasked:
            if kind in shared:
                yield (
                    f"{attribute.replace('_', ' ')} of {plural(kind)} (not every version of "
                    f"migrate-hooks knows it, and {each.environment} was read by another one)"
                )


def _whose(each: Unchecked) -> str:
    if not each.tables:
        return f"{plural(each.kind)} of {each.environment} ("
    named = ", ".join(map(dotted, each.tables))
    return f"{plural(each.kind)} of {each.environment}, busy and so partial ({named}: "


def left_out(here: Reading, there: Reading) -> tuple[str, ...]:
    """Return a sentence about each kind of which there are objects that are never compared."""
    return tuple(
        f"{_amount(kind, count)} of {each.environment} not compared: no such kind is modelled."
        for each in (here, there)
        for kind, count in each.unmodelled
    )


def counts(here: Reading, there: Reading) -> tuple[tuple[str, int], ...]:
    """Return how many objects of each kind were compared, tables first."""
    unread = (*here.unchecked, *there.unchecked)
    skipped = {each.kind for each in unread if not each.tables}
    both: Counter[str] = snapshot.counts(here) | snapshot.counts(there)
    compared = [(kind, count) for kind, count in both.items() if kind not in skipped]
    return tuple(sorted(compared, key=lambda pair: (pair[0] != "table", -pair[1], pair[0])))


def _notes(comparison: Comparison) -> Iterator[str]:
    names = f"{comparison.target} and {comparison.source}"
    compared = ", ".join(_amount(*each) for each in comparison.counts)
    if comparison.differences or comparison.unchecked:
        yield f"Compared {names}: {compared}."
    else:
        yield f"{names} have the same schema: {compared} compared."
    yield from _explained(comparison.differences)
    yield from comparison.notes
    for each in comparison.unchecked:
        yield f"NOT CHECKED: {each}."


def _explained(differences: Sequence[Difference]) -> Iterator[str]:
    pending = sum(each.origin is Origin.PENDING for each in differences)
    if pending:
        yield f"{pending} of the differences will go away with pending migrations."
    provided = sum(each.origin is Origin.PROVIDER for each in differences)
    if provided:
        yield f"{provided} of the differences are the provider's own doing: --verbose lists them."
    told = (Origin.PENDING, Origin.PROVIDER)
    others = sum(each.explained and each.origin not in told for each in differences)
    if others:
        yield f"{others} of the differences are explained otherwise, and need no hand."


def _amount(kind: str, count: int) -> str:
    one = "row security setting" if kind == "row security" else kind
    return f"{count} {one if count == 1 else plural(kind)}"


def plural(kind: str) -> str:
    """Return the name of a kind for several of them."""
    if kind == "row security":
        return "row security settings"
    if kind.endswith(("cy", "ly", "ry")):
        return f"{kind[:-1]}ies"
    return f"{kind}es" if kind.endswith(("x", "s")) else f"{kind}s"
