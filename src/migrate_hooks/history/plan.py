"""From entries to the steps that would be run, as a value that can be printed or refused."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from shlex import quote

from migrate_hooks.errors import AmbiguousName, UnknownMigration
from migrate_hooks.model.environment import Target
from migrate_hooks.model.history import (
    Direction,
    Entry,
    Hazard,
    Plan,
    SessionSettings,
    State,
    Step,
)
from migrate_hooks.model.migration import Version, called
from migrate_hooks.model.settings import ApplySettings

_TO_APPLY = (State.PENDING, State.OUT_OF_ORDER)


def pending(
    environment: str,
    entries: Sequence[Entry],
    settings: ApplySettings,
    last: Version | None = None,
) -> Plan:
    """Return the plan that applies every file the ledger lacks, oldest first, up to `last`."""
    chosen = [one for one in entries if one.state in _TO_APPLY]
    wanted = [one for one in chosen if last is None or one.version <= last]
    plan = make(environment, wanted, settings, Direction.UP)
    return _kept_within(plan, f"--to={quote(last.text)}") if last else plan


def only(environment: str, entry: Entry, settings: ApplySettings) -> Plan:
    """Return the plan that applies exactly one file, whatever the ledger says of it."""
    plan = make(environment, [entry], settings, Direction.UP)
    return _kept_within(plan, f"--migration={quote(entry.version.text)}")


def _kept_within(plan: Plan, option: str) -> Plan:
    """Let the steps know the limit, so that the command that goes on keeps to it."""
    return replace(plan, steps=tuple(replace(step, within=option) for step in plan.steps))


def make(
    environment: str, entries: Sequence[Entry], settings: ApplySettings, direction: Direction
) -> Plan:
    """Return the plan that runs the entries' files in that direction, in the order given."""
    session = SessionSettings(
        lock_timeout=settings.lock_timeout,
        statement_timeout=settings.statement_timeout,
        idle_in_transaction_session_timeout=settings.idle_in_transaction_session_timeout,
    )
    steps = tuple(Step(one.migration, direction, session) for one in entries if one.migration)
    if not steps:
        return Plan(environment, ())
    from migrate_hooks.history import hazards

    found = hazards.work(steps)
    of_entries = (hazard for one in entries for hazard in _of_entry(one, direction))
    return Plan(
        environment,
        steps,
        (*of_entries, *hazards.of_steps(steps), *hazards.hazards(found)),
        hazards.locks(found),
    )


_RUN_BEFORE = {
    State.OUT_OF_ORDER: ("out-of-order", "is older than a migration that is already applied"),
    State.CHANGED: ("again", "was applied before with other SQL, and would run a second time"),
    State.APPLIED: ("again", "is applied already, and would run a second time"),
    State.FAILED: ("again", "was begun before, and would run a second time"),
    State.RENUMBERED: ("again", "was applied under another version, and would run a second time"),
}


def _of_entry(entry: Entry, direction: Direction) -> Iterator[Hazard]:
    if entry.migration and direction is Direction.UP and entry.state in _RUN_BEFORE:
        yield Hazard(*_RUN_BEFORE[entry.state], entry.migration.path)


def located(
    plan: Plan, target: Target, server: str, ledger: str, *, can_check_client: bool
) -> Plan:
    """Return the plan with the place where it would run.

    `can_check_client` tells whether the server notices a client that went away in mid-statement.
    """
    steps = plan.steps
    if not can_check_client:
        steps = tuple(
            replace(step, settings=replace(step.settings, client_connection_check_interval=None))
            for step in steps
        )
    place = f"host {target.address}, database {target.database}"
    return replace(
        plan, steps=steps, place=place, source=target.source, server=server, ledger=ledger
    )


def find(entries: Sequence[Entry], wanted: str) -> Entry:
    """Return the one entry with a file that `wanted` (a whole or partial name, a path) means.

    An exact version, name or file name wins over parts of others. Raises AmbiguousName with the
    candidates, UnknownMigration with the files there are.
    """
    word = called(wanted).removesuffix(".sql")
    filed = [entry for entry in entries if entry.migration]
    exact = [entry for entry in filed if word in _names(entry)]
    partial = [entry for entry in filed if word and word in _names(entry)[0]]
    found = exact or partial
    if len(found) == 1:
        return found[0]
    shown = ", ".join(_names(entry)[0] for entry in (found or filed)[:10])
    if found:
        raise AmbiguousName(
            f"{wanted!r} fits {len(found)} migrations: {shown}.", "Type more of the name."
        )
    raise UnknownMigration(f"No migration file fits {wanted!r}.", f"There are: {shown or 'none'}.")


def _names(entry: Entry) -> tuple[str, str, str]:
    assert entry.migration is not None  # noqa: S101 - callers pass entries with a file
    version, name = entry.version.text, entry.migration.name
    whole = version if version.endswith(f"_{name}") else f"{version}_{name}"
    return whole, version, name


def mark(step: Step, state: str) -> Step:
    """Return the step in another state."""
    return replace(step, state=state)
