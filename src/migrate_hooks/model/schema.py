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
    """A kind that could not be read from one environment, and why, as the end of a sentence."""

    environment: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All objects read from one environment, and the kinds that could not be read."""

    environment: str
    objects: tuple[SchemaObject, ...]
    unchecked: tuple[Unchecked, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Difference:
    """One object that differs between two environments.

    `cause` names what explains it, or is None; `source` and `target` are the environments' names.
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
