"""What a health check makes of ledger, files and our own tables, under codes of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from migrate_hooks.history import identity, judge
from migrate_hooks.model.books import Books, Unfinished
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import FilePlace, Finding, ObjectPlace, Severity
from migrate_hooks.model.history import Entry, State

_ROOM = "verify"
_PENDING = (State.PENDING, State.OUT_OF_ORDER)


def of_ledger(entries: Sequence[Entry], *, expect_current: bool) -> tuple[Finding, ...]:
    """Return what keeps ledger and files from agreeing; pending files only count if told so."""
    wrong = tuple(map(renamed, judge.findings(entries, Severity.CRITICAL)))
    severity = Severity.CRITICAL if expect_current else Severity.INFO
    waiting = [one for one in entries if one.state is State.PENDING]
    return (*wrong, *(_pending(one, severity) for one in waiting))


def waiting(entries: Sequence[Entry]) -> int:
    """Return how many files the ledger lacks."""
    return sum(one.state in _PENDING for one in entries)


def renamed(finding: Finding) -> Finding:
    """Return the finding under the health check's own code, such as verify/unknown."""
    return replace(finding, code=f"{_ROOM}/{finding.code.rpartition('/')[2]}")


def _pending(entry: Entry, severity: Severity) -> Finding:
    environment = entry.environment
    place = FilePlace(entry.migration.path) if entry.migration else None
    return Finding(
        f"{_ROOM}/pending",
        severity,
        f"{environment} has not applied this file yet.",
        place,
        f"Apply it: migrate-hooks apply --env={environment}",
    )


def of_identity(environment: Environment, books: Books) -> tuple[Finding, ...]:
    """Return what is wrong with the database's own record of whose it is."""
    clashes = identity.clashes(environment, books.here, books.recorded)
    name = environment.name
    hint = (
        f"Check where {name} points: migrate-hooks env check. If this is meant to be {name} from "
        f"now on: migrate-hooks repair --env={name} --adopt-identity"
    )
    return tuple(replace(renamed(finding), hint=hint) for _, finding in clashes)


def of_progress(
    environment: str, unfinished: Sequence[Unfinished], room: str = _ROOM
) -> tuple[Finding, ...]:
    """Return a finding for everything that was begun statement by statement and not ended.

    `room` is what its code starts with.
    """
    return tuple(_begun(environment, one, room) for one in unfinished)


def _begun(environment: str, one: Unfinished, room: str) -> Finding:
    return Finding(
        f"{room}/unfinished",
        Severity.CRITICAL,
        " ".join(_sentences(environment, one)),
        ObjectPlace(environment, "migration", one.version),
        _way_on(environment, one),
    )


def _sentences(environment: str, one: Unfinished) -> Iterator[str]:
    half, done = one.direction.upper(), one.progress.statements_done
    yield f"{environment} has run {done} of the statements of {one.version} ({half}) and not more:"
    yield f"a run ended there at {one.updated_at}."
    if one.progress.running:
        yield f"Statement {done + 1} was under way; whether it took effect is to be looked up."


def _way_on(environment: str, one: Unfinished) -> str:
    verb = "apply" if one.direction == "up" else "rollback"
    again = f"migrate-hooks {verb} --env={environment} --migration={one.version}"
    if one.progress.running:
        return (
            f"Go on with `{again}`, which looks at what it left; if that cannot tell: "
            f"migrate-hooks repair --env={environment}"
        )
    return f"Go on behind it: {again}"
