"""How environments were when they were last read, for when one cannot be asked.

Kept in the user's cache folder, which nobody else can read: it has the SQL that a ledger keeps.
"""

from hashlib import sha256

from migrate_hooks.actions import drift_saved
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.model.environment import Target
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import shots
from migrate_hooks.schema import saved

_NAME = "the last reading"


def keep(settings: Settings, seen: Seen) -> None:
    """Keep a reading in the place of the one before; one that is not whole is not kept.

    That a disk is full, or a folder cannot be written, is no reason to stop.
    """
    if seen.saved_at or not seen.owner or seen.reading.unchecked:
        return
    data = saved.to_bytes(drift_saved.as_saved(seen))
    shots.keep(_key(settings, seen.target), data, shots.LAST)


def last(settings: Settings, target: Target) -> Seen | None:
    """Return how an environment was when it was last read whole, or None.

    `saved_at` says when that was, and `drift_saved.ages` says it in words. A version of our program
    does not know what another one kept.
    """
    data = shots.find(_key(settings, target), shots.LAST)
    was = saved.from_bytes(data) if data else None
    return drift_saved.seen(was, _NAME) if was else None


def _key(settings: Settings, target: Target) -> str:
    """Return what tells one environment from another: its database, and whose ledger is read."""
    base = settings.base.relative_to(settings.root).as_posix()
    where = (target.environment, target.host, target.port, target.database)
    whose = (base, settings.migrations or "", settings.ledger or "", target.schema or "")
    return sha256("\0".join((*where, *whose)).encode(errors="surrogatepass")).hexdigest()[:32]
