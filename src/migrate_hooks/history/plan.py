"""From entries to the steps that would be run, as a value that can be printed or refused."""

from collections.abc import Sequence
from dataclasses import replace

from migrate_hooks.errors import AmbiguousName, UnknownMigration
from migrate_hooks.model.history import Direction, Entry, Plan, SessionSettings, State, Step
from migrate_hooks.model.settings import ApplySettings

_TO_APPLY = (State.PENDING, State.OUT_OF_ORDER)


def pending(environment: str, entries: Sequence[Entry], settings: ApplySettings) -> Plan:
    """Return the plan that applies every file the ledger lacks, oldest first."""
    return _plan(environment, [one for one in entries if one.state in _TO_APPLY], settings)


def only(environment: str, entry: Entry, settings: ApplySettings) -> Plan:
    """Return the plan that applies exactly one file, whatever the ledger says of it."""
    return _plan(environment, [entry], settings)


def _plan(environment: str, entries: Sequence[Entry], settings: ApplySettings) -> Plan:
    session = SessionSettings(
        lock_timeout=settings.lock_timeout,
        statement_timeout=settings.statement_timeout,
        idle_in_transaction_session_timeout=settings.idle_in_transaction_session_timeout,
    )
    steps = tuple(
        Step(entry.migration, Direction.UP, session) for entry in entries if entry.migration
    )
    return Plan(environment, steps, tuple(hazard for one in entries for hazard in _hazards(one)))


def _hazards(entry: Entry) -> tuple[str, ...]:
    if entry.migration is None:
        return ()
    path, found = entry.migration.path, []
    if entry.state is State.OUT_OF_ORDER:
        found.append(f"{path} is older than a migration that is already applied.")
    if entry.state is State.CHANGED:
        found.append(f"{path} was applied before with other SQL; it would run a second time.")
    if entry.state is State.APPLIED:
        found.append(f"{path} is applied already; it would run a second time.")
    if not entry.migration.up.in_transaction:
        found.append(f"{path} runs outside a transaction: a failure leaves what ran before it.")
    return tuple(found)


def find(entries: Sequence[Entry], wanted: str) -> Entry:
    """Return the one entry with a file that `wanted` (a whole or partial name, a path) means.

    An exact version, name or file name wins over parts of others. Raises AmbiguousName with the
    candidates, UnknownMigration with the files there are.
    """
    word = wanted.rpartition("/")[2].removesuffix(".sql")
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
    return f"{version}_{name}", version, name


def mark(step: Step, state: str) -> Step:
    """Return the step in another state."""
    return replace(step, state=state)
