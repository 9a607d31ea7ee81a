"""What an environment says of itself at a push before its schema is read."""

from dataclasses import dataclass
from hashlib import sha256

from migrate_hooks.errors import Failure
from migrate_hooks.model.books import Unfinished
from migrate_hooks.model.environment import Target
from migrate_hooks.model.history import Applied


@dataclass(frozen=True, slots=True)
class Facts:
    """One environment's ledger, and a `stamp` that is another one after its schema changed.

    `begun` are migrations that ran statement by statement and stopped halfway. Where it could not
    be asked, `failure` says why. `notes` say how long ago all this was true, and of which of many
    databases.
    """

    target: Target
    applied: tuple[Applied, ...]
    begun: tuple[Unfinished, ...] = ()
    stamp: str = ""
    failure: Failure | None = None
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """What tells this state of this database from any other."""
        place = (self.target.address, self.target.database, self.target.user, self.target.schema)
        said = (place, self.applied, self.begun, self.stamp, self.notes)
        return sha256(repr(said).encode()).hexdigest()
