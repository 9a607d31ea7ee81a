"""Files that were compared or replayed before: the same text says the same and is not read again.

Only digests of what each of them applies are remembered. What runs is always read from its file.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from migrate_hooks import __version__
from migrate_hooks.layouts.base import sha256
from migrate_hooks.model.history import Entry, State
from migrate_hooks.model.migration import Migration
from migrate_hooks.outside import shelf


def recognised(layout: str, migrations: Sequence[Migration]) -> tuple[Migration, ...]:
    """Return the migrations, those that are remembered with the digest of their UP."""
    known = shelf.find([_key(layout, one) for one in migrations])
    if not known:
        return tuple(migrations)
    return tuple(replace(one, up_sha256=known.get(_key(layout, one), "")) for one in migrations)


def remember(layout: str, entries: Iterable[Entry]) -> None:
    """Keep the digests of files that a ledger has word by word, unless they are known."""
    fresh = {
        _key(layout, one.migration): sha256(one.migration.up.text)
        for one in entries
        if one.migration and not one.migration.up_sha256 and _was_compared(one)
    }
    if fresh:
        shelf.keep(fresh)


def digests(layout: str, migrations: Sequence[Migration]) -> dict[Migration, str]:
    """Return the digests of what was replayed of these files before, as far as remembered."""
    known = shelf.find([_piece_key(layout, one) for one in migrations])
    found = ((one, known.get(_piece_key(layout, one), "")) for one in migrations if one.sha256)
    return {one: digest for one, digest in found if digest}


def keep_digests(layout: str, found: Mapping[Migration, str]) -> None:
    """Keep the digests of what was replayed."""
    fresh = {_piece_key(layout, one): digest for one, digest in found.items() if one.sha256}
    if fresh:
        shelf.keep(fresh)


def _piece_key(layout: str, migration: Migration) -> str:
    return f"piece {__version__} {layout} {migration.sha256}"


def _was_compared(entry: Entry) -> bool:
    return entry.state is State.APPLIED and bool(entry.applied and entry.applied.text)


def _key(layout: str, migration: Migration) -> str:
    return f"up {__version__} {layout} {migration.sha256}"
