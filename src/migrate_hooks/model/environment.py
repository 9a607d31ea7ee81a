"""An environment, and the database behind it once its DSN is known."""

from collections.abc import Mapping
from dataclasses import dataclass


class Secret:
    """A text that never shows itself: repr, str and format give asterisks; `reveal()` gives it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself; only a door to the street may ask."""
        return self._text

    def __repr__(self) -> str:
        return "'***'"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


@dataclass(frozen=True, slots=True)
class Databases:
    """Where the many databases of one environment are named.

    `kind` is "query" (SQL for the environment's own database), "file" (its path, a name a line) or
    "env" (a variable with a DSN a line); `value` is that SQL, path or variable.
    """

    kind: str
    value: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.value}"

    @property
    def called(self) -> str:
        """What names them, for a sentence."""
        return "its query" if self.kind == "query" else self.value


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment of the chain, as configured.

    `url_env` are names of variables that may hold the DSN; `embedded` replaces them.
    `max_backup_age` is in seconds, None where no backup is asked for. `unchecked`
    says what a push does when the database cannot be asked: "warn" or "block". `after` names the
    environment that migrations come from, "" for none, None for the one before it in the chain.
    `databases` is set where it stands for many. One of those is an environment of its own, called
    such as "tenants/acme", with its name in `database`.
    """

    name: str
    branch: str
    url_env: tuple[str, ...] = ()
    protected: bool = False
    max_backup_age: int | None = None
    embedded: bool = False
    unchecked: str = "warn"
    after: str | None = None
    databases: Databases | None = None
    database: str = ""

    @property
    def is_many(self) -> bool:
        """Whether it stands for many databases and not for one of them."""
        return self.databases is not None and not self.database

    @property
    def configured(self) -> str:
        """The name that the configuration knows: for one database of many, that of the many."""
        return self.name.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Target:
    """A database to talk to: libpq parameters, and where they came from.

    `source` is like "DATABASE_URL_STAGING in .env.staging". `parameters` holds everything for
    libpq except the password; `host` is a printable host or socket folder. `schema` is what a
    Prisma-style ?schema= asked for. `notes` are sentences about what was dropped from the DSN;
    `pooled` tells that it names a transaction pooler itself.
    """

    environment: str
    source: str
    parameters: Mapping[str, str]
    password: Secret | None
    host: str
    port: str
    database: str
    user: str
    schema: str | None = None
    notes: tuple[str, ...] = ()
    pooled: bool = False

    @property
    def address(self) -> str:
        """Host and port for a sentence; a socket's folder says enough by itself."""
        plain = self.host.startswith("/") or self.host == "local socket"
        return self.host if plain else f"{self.host}:{self.port}"
