"""A backup: one archive, and what was true of the database at the moment that it shows."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TableRows:
    """How many rows a table had; `exact` is False where the server's own estimate must do.

    `table` is schema and name as SQL writes them. `rows` is -1 where even an estimate is missing.
    """

    table: str
    rows: int
    exact: bool


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """The state of one ledger table: its newest version (None when it is empty) and its rows."""

    table: str
    newest: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What the archive holds, as the server said it under the snapshot that was dumped.

    `host` is printable and without secrets. `server_version` is like "18.4". `taken_at` is by the
    server's clock. `system_identifier` is "" where the role may not see it. `roles` own or may use
    something in the database.
    """

    database: str
    host: str
    system_identifier: str
    server_version: str
    taken_at: datetime
    ledgers: tuple[LedgerHead, ...]
    extensions: tuple[str, ...]
    roles: tuple[str, ...]
    tables: tuple[TableRows, ...]

    @property
    def server_major(self) -> int:
        """The major version of the server that was dumped."""
        return _major(self.server_version)


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive of pg_dump's custom format, beside which a manifest says all of this.

    `client_version` is that of the pg_dump that wrote it, `finished_at` by the server's clock.
    `schema_sha256` is that of the file with the schema as it was. `read_at` and `restored_at` are
    when the whole archive was last read back, and restored on trial, by this machine's clock.
    """

    archive: Path
    environment: str
    contents: Contents
    client_version: str
    finished_at: datetime
    size: int
    sha256: str
    schema_sha256: str
    read_at: datetime
    restored_at: datetime | None = None

    @property
    def client_major(self) -> int:
        """The major version of pg_dump: an older pg_restore cannot read the archive."""
        return _major(self.client_version)

    def age(self, now: datetime) -> int:
        """Return the seconds from the moment that it shows to `now`, by the server's clock."""
        return int((now - self.contents.taken_at).total_seconds())


def _major(version: str) -> int:
    digits = version.partition(".")[0]
    return int("".join(each for each in digits if each.isdigit()) or 0)
