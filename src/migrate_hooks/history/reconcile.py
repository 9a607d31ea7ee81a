"""Files against ledger: where every version stands in one environment."""

from collections.abc import Sequence

from migrate_hooks.model.history import Applied, Entry, State
from migrate_hooks.model.migration import Migration


def reconcile(
    environment: str, migrations: Sequence[Migration], applied: Sequence[Applied]
) -> tuple[Entry, ...]:
    """Return one entry for every version that a file or the ledger knows, oldest first.

    A pending file that is older than the newest applied one is OUT_OF_ORDER.
    """
    files = {migration.version.text: migration for migration in migrations}
    rows = {row.version.text: row for row in applied}
    newest = max((row.version.key for row in applied), default=())
    entries = []
    for text in files.keys() | rows.keys():
        migration, row = files.get(text), rows.get(text)
        version = migration.version if migration else rows[text].version
        state = _state(migration, row, newest)
        entries.append(Entry(environment, version, state, migration, row))
    return tuple(sorted(entries, key=lambda entry: entry.version))


def _state(migration: Migration | None, row: Applied | None, newest: tuple[int, ...]) -> State:
    if migration is None:
        return State.UNKNOWN
    if row is None:
        return State.OUT_OF_ORDER if migration.version.key < newest else State.PENDING
    known = row.checksum is not None
    return State.CHANGED if known and row.checksum != migration.checksum else State.APPLIED
