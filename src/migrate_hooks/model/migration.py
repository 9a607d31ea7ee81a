"""A migration file, read."""

from collections.abc import Callable
from dataclasses import dataclass, field

_STAMP = len("20260105090000")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """`key` orders (numbers, so that 9 < 10); `text` is what the file and the ledger say."""

    key: tuple[int, ...]
    text: str

    @classmethod
    def of_name(cls, name: str) -> "Version":
        """Return the version of a whole name such as 20260105090000_add_users.

        It is ordered as tools order names that sort them as text: behind its digits stands "_",
        which is greater than any digit, so that a day comes after all of its hours.
        """
        digits = cls((), name).digits
        is_number = digits and name[len(digits) :][:1] in ("", "_")
        return cls((int(digits.ljust(_STAMP, "9")),) if is_number else (), name)

    @property
    def digits(self) -> str:
        """What the text starts with: a timestamp, where the whole name is the version."""
        return self.text[: len(self.text) - len(self.text.lstrip("0123456789"))]


def called(path: str) -> str:
    """Return what people call the migration at `path`: its file, or the folder that it is."""
    rest, _, name = path.rpartition("/")
    return rest.rpartition("/")[2] or name if name == "migration.sql" else name


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL statement without its terminator.

    `line` and `column` count from 1 in the whole file and point at its first word, not at a comment
    before it. `verb` is like "CREATE INDEX"; `target` the object's name as written, or "".
    `transactional` is False for what PostgreSQL refuses inside a transaction block.
    """

    text: str
    line: int
    column: int
    verb: str
    target: str
    transactional: bool


@dataclass(frozen=True, slots=True)
class Script:
    """One direction of a migration.

    `in_transaction` is False when the file says so or every statement demands it. `wrapped` is True
    when the file brought its own BEGIN … COMMIT around everything (not among `statements`). `path`
    is set where it stands in another file than the migration's own.
    """

    statements: tuple[Statement, ...]
    in_transaction: bool
    text: str
    wrapped: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a migration's text says.

    `checksum` is over the tokens of UP (hex SHA-256), so comments and white space do not count.
    `irreversible` is the stated reason for having no DOWN.
    """

    up: Script
    down: Script | None
    checksum: str
    irreversible: str | None = None


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration as its file says it.

    `name` is the words after the version, `path` relative to the repository root. `contents` takes
    the text apart when it is first asked for, as most files of a long history never are. `sha256`
    is over the whole text with LF line ends, in lowercase hex; `digests` are all that a tool may
    have for this text, whose line ends git may have changed. `up_sha256` is over the text of UP
    where that is known beforehand, else "". `beside` is the text of the file that holds DOWN alone.
    """

    version: Version
    name: str
    path: str
    contents: Callable[[], Contents] = field(compare=False, repr=False)
    repeatable: bool = False
    sha256: str = ""
    digests: frozenset[str] = field(default=frozenset(), compare=False)
    up_sha256: str = field(default="", compare=False)
    beside: str = ""

    @property
    def up(self) -> Script:
        """What applies it."""
        return self.contents().up

    @property
    def down(self) -> Script | None:
        """What takes it back, None when it does not say."""
        return self.contents().down

    @property
    def checksum(self) -> str:
        """The checksum of its contents."""
        return self.contents().checksum

    @property
    def irreversible(self) -> str | None:
        """Why it has no DOWN, if it says so."""
        return self.contents().irreversible
