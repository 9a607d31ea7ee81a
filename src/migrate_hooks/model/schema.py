"""What a database contains, and how two of them differ."""

from dataclasses import dataclass
from enum import StrEnum

from migrate_hooks.model.finding import Severity


@dataclass(frozen=True, slots=True)
class SchemaObject:
    """One object: `identity` starts with its schema; attributes are (name, value) in a fixed order.

    `table` is (schema, name) of the table it belongs to, or None.
    """

    kind: str
    identity: tuple[str, ...]
    attributes: tuple[tuple[str, str | None], ...]
    table: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A kind that could not be read from one environment, and why, as the end of a sentence.

    `tables` are (schema, name) of the tables and views of which it was not read; () is all of them.
    """

    environment: str
    kind: str
    reason: str
    tables: tuple[tuple[str, str], ...] = ()

    def covers(self, one: SchemaObject) -> bool:
        """Return whether nothing is known of such an object, were it there or not."""
        if one.kind != self.kind:
            return False
        return not self.tables or one.table in self.tables or one.identity in self.tables


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All objects read from one environment, and the kinds that could not be read.

    `unmodelled` are (kind, how many) of objects that are there and are never compared.
    """

    environment: str
    objects: tuple[SchemaObject, ...]
    unchecked: tuple[Unchecked, ...] = ()
    unmodelled: tuple[tuple[str, int], ...] = ()


class Change(StrEnum):
    """Seen from the source: MISSING in the target, UNEXPECTED there, or CHANGED."""

    MISSING = "missing"
    UNEXPECTED = "unexpected"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """One attribute that differs; None where the object lacks it."""

    name: str
    source: str | None
    target: str | None


class Origin(StrEnum):
    """Where a difference comes from, as far as that was found out."""

    PENDING = "pending"
    EDITED = "edited"
    VERSION = "server version"
    PROVIDER = "provider"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that differs between two environments.

    `cause` says in words where the difference comes from, None when nobody knows, and `origin` in
    one of few. `source` and `target` are the environments' names.
    """

    change: Change
    kind: str
    identity: tuple[str, ...]
    attributes: tuple[AttributeChange, ...]
    severity: Severity
    table: tuple[str, str] | None = None
    cause: str | None = None
    source: str = "source"
    target: str = "target"
    origin: Origin | None = None

    @property
    def explained(self) -> bool:
        """Whether something else than a hand brought it about, so that nobody has to mend it."""
        return self.cause is not None and self.origin is not Origin.BY_HAND
