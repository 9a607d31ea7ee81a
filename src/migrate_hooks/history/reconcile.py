"""Files against ledger: where every version stands in one environment."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from migrate_hooks.model.history import Applied, Edit, Entry, State
from migrate_hooks.model.migration import Migration
from migrate_hooks.sql.checksum import checksum
from migrate_hooks.sql.fingerprint import fingerprint
from migrate_hooks.sql.split import statements, unwrap

_HEX = 64


def reconcile(
    environment: str, migrations: Sequence[Migration], applied: Sequence[Applied]
) -> tuple[Entry, ...]:
    """Return one entry for every version that a file or the ledger knows, oldest first.

    A pending file that is older than the newest applied one is OUT_OF_ORDER. One whose content the
    ledger has under a version without a file is RENUMBERED, and that row has no entry of its own.
    """
    files = {migration.version.text: migration for migration in migrations}
    rows = {row.version.text: row for row in applied}
    pending = [file for text, file in files.items() if text not in rows]
    moved = _moved(pending, [row for text, row in rows.items() if text not in files])
    gone = {row.version.text for row in moved.values()}
    newest = _newest(files, rows, moved)
    entries = []
    for text in (files.keys() | rows.keys()) - gone:
        file = files.get(text)
        if text in moved and file:
            entries.append(_renumbered(environment, file, moved[text]))
        else:
            entries.append(_entry(environment, file, rows.get(text), newest))
    return tuple(sorted(entries, key=lambda entry: entry.version))


def _newest(
    files: Mapping[str, Migration], rows: Mapping[str, Applied], moved: Mapping[str, Applied]
) -> tuple[int, ...]:
    """Return the key of the newest version that is applied, under the number it has now."""
    gone = {row.version.text for row in moved.values()}
    ran = (row.version for row in rows.values() if not row.failed)
    keys = [version.key for version in ran if version.text not in gone]
    return max([*keys, *(files[text].version.key for text in moved)], default=())


def _renumbered(environment: str, file: Migration, row: Applied) -> Entry:
    return Entry(environment, file.version, State.RENUMBERED, file, row, other=row.version)


def _entry(
    environment: str, file: Migration | None, row: Applied | None, newest: tuple[int, ...]
) -> Entry:
    version = file.version if file else row.version if row else None
    assert version is not None  # noqa: S101 - a version is known because something has it
    state = _state(file, row, newest)
    edit = _edit(file, row) if state is State.CHANGED and file and row else None
    return Entry(environment, version, state, file, row, edit)


def _state(file: Migration | None, row: Applied | None, newest: tuple[int, ...]) -> State:
    if row is not None and row.failed:
        return State.FAILED
    if file is None:
        return State.UNKNOWN
    if row is None:
        return State.OUT_OF_ORDER if file.version.key < newest else State.PENDING
    return State.APPLIED if _is_same(file, row) else State.CHANGED


def _is_same(file: Migration, row: Applied) -> bool:
    """Return whether the ledger knows of nothing that differs from the file."""
    if row.text is not None:
        return _is_spelled(file, row.text) or tokens(row.text) == file.checksum
    if row.checksum is not None:
        return row.checksum == file.checksum
    return row.sha256 is None or row.sha256 in _digests(file, row.sha256)


def _is_spelled(file: Migration, text: str) -> bool:
    if not file.up_sha256:
        return text == file.up.text
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest() == file.up_sha256


def tokens(text: str) -> str:
    """Return the checksum of what was run, from a ledger's text of it.

    A pair of BEGIN and COMMIT around everything belongs to the runner and not to the migration.
    """
    return checksum(";\n".join(one.text for one in unwrap(statements(text))))


def _digests(file: Migration, wanted: str) -> frozenset[str]:
    """Return the file's digests in the form of `wanted`.

    Early versions of Prisma left out the leading zero of every byte.
    """
    if len(wanted) == _HEX:
        return file.digests
    return frozenset("".join(f"{byte:x}" for byte in bytes.fromhex(one)) for one in file.digests)


def _edit(file: Migration, row: Applied) -> Edit:
    before = row.fingerprint or (fingerprint(row.text) if row.text else None)
    if before is None:
        return Edit.UNCLEAR
    return Edit.TEXT if before == fingerprint(file.up.text) else Edit.SQL


def _moved(pending: Sequence[Migration], unknown: Sequence[Applied]) -> dict[str, Applied]:
    """Return {version of a file: row of the same content under another version}.

    Only where one file and one row go together without doubt: by content, and where several have
    it, by name.
    """
    held = _by_content(unknown)
    found = {}
    for file in pending if held else ():
        same = _rows_like(file, held)
        named = [row for row in same if row.name == file.name] or same
        if len(named) == 1:
            found[file.version.text] = named[0]
    taken = Counter(row.version.text for row in found.values())
    return {text: row for text, row in found.items() if taken[row.version.text] == 1}


def _by_content(rows: Sequence[Applied]) -> dict[str, list[Applied]]:
    held: dict[str, list[Applied]] = {}
    for row in rows:
        spelled = tokens(row.text) if row.text else row.checksum
        for content in (spelled, row.sha256, row.fingerprint):
            if content and not row.failed:
                held.setdefault(content, []).append(row)
    return held


def _rows_like(file: Migration, held: Mapping[str, list[Applied]]) -> list[Applied]:
    if not file.up.statements:
        return []
    contents = [file.checksum, *file.digests]
    if not any(content in held for content in contents) and _knows_meaning(held):
        contents = [fingerprint(file.up.text)]
    found = (row for content in contents for row in held.get(content, ()))
    return list({row.version.text: row for row in found}.values())


def _knows_meaning(held: Mapping[str, list[Applied]]) -> bool:
    return any(row.fingerprint for rows in held.values() for row in rows)
