"""Every expected failure, one class each, with its exit code and the next thing to type.

A failure carries a `code` (stable, for programs), a `message` (what was found and what it means)
and a `hint` (what to do, starting with a verb). Nothing here may contain a secret.
"""

from enum import IntEnum


class Exit(IntEnum):
    """The one table of exit codes; docs and `--help` are generated from it."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    UNCHECKED = 3
    ROLLED_BACK = 4
    PARTIAL = 5
    LOCK_BUSY = 6
    INTERRUPTED = 130


EXIT_MEANINGS: dict[Exit, str] = {
    Exit.CLEAN: "clean (warnings allowed)",
    Exit.FINDINGS: "findings, critical drift, refused or failed",
    Exit.USAGE: "usage or configuration error",
    Exit.UNCHECKED: "target unreachable, so not checked",
    Exit.ROLLED_BACK: "migration failed and was rolled back whole",
    Exit.PARTIAL: "outcome partial or unknown",
    Exit.LOCK_BUSY: "lock busy",
    Exit.INTERRUPTED: "interrupted",
}


class Failure(Exception):
    """An expected failure: shown as a message and a hint, never as a traceback."""

    code = "failure"
    exit = Exit.FINDINGS

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageProblem(Failure):
    """Words on the command line that cannot be carried out."""

    code = "usage"
    exit = Exit.USAGE


class ConfigProblem(Failure):
    """The configuration file or a variable cannot be accepted as written."""

    code = "config"
    exit = Exit.USAGE


class NotARepository(Failure):
    """The command needs a git repository and there is none here."""

    code = "git/no-repository"
    exit = Exit.USAGE


class GitProblem(Failure):
    """git itself refused or failed."""

    code = "git/failed"
    exit = Exit.USAGE


class NoMigrationsFolder(Failure):
    """No folder of migrations was found where one is needed."""

    code = "layout/no-folder"
    exit = Exit.USAGE


class UnreadableMigrations(Failure):
    """Migration files exist that cannot be read as migrations, so history is unknown."""

    code = "layout/unreadable"


class UnknownEnvironment(Failure):
    """An environment name that the configuration does not have."""

    code = "environment/unknown"
    exit = Exit.USAGE


class MissingDsn(Failure):
    """No DSN was found for an environment; carries the names that were looked for."""

    code = "environment/no-dsn"
    exit = Exit.USAGE

    def __init__(self, message: str, hint: str, looked_for: tuple[str, ...]) -> None:
        super().__init__(message, hint)
        self.looked_for = looked_for


class ManyDatabases(Failure):
    """An environment that stands for many databases, where one is needed."""

    code = "environment/many-databases"
    exit = Exit.USAGE


class BadDsn(Failure):
    """A DSN that cannot be used as written; the message never repeats its secret parts."""

    code = "environment/bad-dsn"
    exit = Exit.USAGE


class ToolMissing(Failure):
    """A program that this command needs is not installed."""

    code = "tool/missing"
    exit = Exit.USAGE


class Unreachable(Failure):
    """The database could not be asked, so nothing is known about it."""

    code = "database/unreachable"
    exit = Exit.UNCHECKED


class UnsupportedServer(Failure):
    """A server, pooler or role that this command must not or cannot work with."""

    code = "database/unsupported"


class TooOldServer(UnsupportedServer):
    """A server that is older than what its catalogs and functions were tested with."""

    exit = Exit.UNCHECKED


class NotInTime(Unreachable):
    """What was asked did not answer in the time that there was."""

    code = "push/not-in-time"


class ConnectionLost(Unreachable):
    """The connection broke while a statement was under way; whether it took effect is unknown."""

    code = "database/connection-lost"


class QueryFailed(Failure):
    """The server refused a statement.

    Carries its SQLSTATE, and `position`: the character (from 1) of the statement's text that the
    server points at, or None.
    """

    code = "database/query"

    def __init__(
        self, message: str, hint: str = "", sqlstate: str = "", position: int | None = None
    ) -> None:
        super().__init__(message, hint)
        self.sqlstate = sqlstate
        self.position = position


class LedgerUnreadable(Failure):
    """The ledger table is there but may not be read, so history is unknown."""

    code = "ledger/unreadable"
    exit = Exit.UNCHECKED


class LedgerMismatch(Failure):
    """The database keeps its history in another ledger than the one to be used, or in several."""

    code = "ledger/mismatch"
    exit = Exit.USAGE


class LockBusy(Failure):
    """Somebody else holds the lock and did not let go in time."""

    code = "lock/busy"
    exit = Exit.LOCK_BUSY


class Refused(Failure):
    """We could have done it and did not: a guard said no."""

    code = "refused"


class AmbiguousName(Failure):
    """A partial migration name that fits several; carries the candidates."""

    code = "migration/ambiguous"
    exit = Exit.USAGE


class UnknownMigration(Failure):
    """A migration name that fits none."""

    code = "migration/unknown"
    exit = Exit.USAGE


class Bug(Failure):
    """An exception that nobody expected, where a report had to be kept."""

    code = "internal"


class CannotWrite(Failure):
    """A file could not be written; nothing was left half written."""

    code = "file/cannot-write"


class BackupFailed(Failure):
    """A backup, or a restore from one, went wrong; what was there before is as it was."""

    code = "backup/failed"


class BadSnapshot(Failure):
    """A file that was to be compared is no saved snapshot, or not the one that was saved."""

    code = "snapshot/unusable"
    exit = Exit.USAGE


class ReplayFailed(Failure):
    """Migrations could not be run again on a scratch server, so what they make is not known.

    `extension` tells that the server lacks one, which another server may have; `sqlstate` is what
    it said of a statement, "" where it was not even asked.
    """

    code = "scratch/replay"
    exit = Exit.UNCHECKED

    def __init__(
        self, message: str, hint: str, *, extension: bool = False, sqlstate: str = ""
    ) -> None:
        super().__init__(message, hint)
        self.extension = extension
        self.sqlstate = sqlstate
