"""What any check has to say: one value for lint, drift and ledger mismatches alike."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """CRITICAL blocks, WARNING prints, INFO shows only when asked for."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A place in a file: path relative to the repository, line and column counted from 1."""

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """A place in a database: environment name, object kind, printable identity."""

    environment: str
    kind: str
    identity: str

    @classmethod
    def whole(cls, environment: str) -> "ObjectPlace":
        """Return the place of what is said of an environment and of nothing in it."""
        return cls(environment, "environment", environment)


Place = FilePlace | ObjectPlace


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: a stable code, what it means, where, and what to do about it.

    `excerpt` is the source line at `place`, without its end, or "" where it is not at hand.
    """

    code: str
    severity: Severity
    message: str
    place: Place | None = None
    hint: str = ""
    excerpt: str = ""
