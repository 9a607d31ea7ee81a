"""What a layout is: how a folder's files are told apart, read and written. Text in, values out."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol

from migrate_hooks.model.migration import Contents, Migration, Script, Statement, Version

if TYPE_CHECKING:
    from migrate_hooks.sql.sections import Sections

_FILE_NAME = re.compile(r"([0-9]+)_(.+)\.sql")


class Read(Protocol):
    """How a layout makes a migration of its file, and of the one beside it if there is one."""

    def __call__(self, path: str, text: str, beside: str | None = None, /) -> Migration:
        """Return the migration of `path` with this `text`."""


@dataclass(frozen=True, slots=True)
class Layout:
    """One way to keep migrations in files.

    `folders` are where such a folder usually is, relative to the project. `looks_like` says how
    sure it is, from 0, that a folder (its path, its SQL files' paths, texts of them) is of this
    layout. `place` is where in the folder the migration "<version>_<words>" is written, `scaffold`
    makes its file of an UP and a DOWN text. `read` makes a migration of a path, its text and the
    text of the file `beside` it, which holds DOWN where that is a file of its own.

    `down_required` tells whether a file without DOWN is wrong by the layout's own rules; `ledger`
    names the table its own tool writes. `down_in_comments` tells that this tool runs the whole
    file, so that DOWN must not be plain SQL; `has_down` that people expect a DOWN at all.
    """

    name: str
    folders: tuple[str, ...]
    looks_like: Callable[[str, Sequence[str], Sequence[str]], int]
    find: Callable[[Sequence[str]], tuple[str, ...]]
    version: Callable[[str], Version | None]
    read: Read
    scaffold: Callable[[str, str], str]
    ledger: str
    down_required: bool
    down_in_comments: bool = False
    has_down: bool = True
    place: Callable[[str], str] = "{}.sql".format
    beside: Callable[[str], str | None] = lambda _path: None


def version(path: str) -> Version | None:
    """Return the version in a file name such as 20251101090000_add_users.sql, None without one."""
    found = _FILE_NAME.fullmatch(path.rpartition("/")[2])
    return Version((int(found[1]),), found[1]) if found else None


def title(path: str) -> str:
    """Return the words behind the version, or the whole stem of a file without one."""
    found = _FILE_NAME.fullmatch(path.rpartition("/")[2])
    return found[2] if found else PurePosixPath(path).stem


def find(paths: Sequence[str]) -> tuple[str, ...]:
    """Return the paths whose names carry a version, oldest first; README.md and seed.sql do not."""
    found = [(number, path) for path in paths if (number := version(path)) is not None]
    return tuple(path for _, path in sorted(found))


@dataclass(frozen=True, slots=True)
class Halves:
    """What a layout found in a migration: the statements of both directions, and the markers."""

    up: Sequence[Statement]
    down: Sequence[Statement]
    sections: "Sections"


def migration(
    path: str,
    text: str,
    read: Callable[[], Contents],
    named: tuple[Version, str] | None = None,
    beside: str = "",
) -> Migration:
    """Return the migration that a file makes; `text` is all of it, as it was read.

    `read` takes that text apart; it is called once, when somebody first asks. `named` are its
    version and its words where the file's own name does not tell them.
    """
    number, words = named or (version(path) or Version((), PurePosixPath(path).stem), title(path))
    return Migration(
        version=number,
        name=words,
        path=path,
        contents=cache(read),
        sha256=sha256(normalised(text)),
        digests=digests(text),
        beside=beside,
    )


def contents(halves: Halves) -> Contents:
    """Return what both directions say, once they are found."""
    from migrate_hooks.sql.checksum import checksum
    from migrate_hooks.sql.split import unwrap

    alone = halves.sections.no_transaction
    return Contents(
        up=script(halves.up, no_transaction=alone),
        down=script(halves.down, no_transaction=alone) if halves.down else None,
        checksum=checksum(_joined(unwrap(tuple(halves.up)))),
        irreversible=halves.sections.waiver,
    )


def digests(text: str) -> frozenset[str]:
    """Return the SHA-256 of `text` as it stands, with LF and with CRLF line ends.

    git changes line ends between systems, so a ledger may hold any of the three.
    """
    lines = normalised(text)
    return frozenset(map(sha256, {text, lines, lines.replace("\n", "\r\n")}))


def sha256(text: str) -> str:
    """Return the SHA-256 of `text` in lowercase hex."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def script(statements: Sequence[Statement], *, no_transaction: bool) -> Script:
    """Return one direction; a pair of BEGIN and COMMIT around everything is the runner's business.

    It runs outside a transaction when the file says so, or when every statement demands it. Where
    the file says so, a pair of its own stays: there it is the author's.
    """
    from migrate_hooks.sql.split import unwrap

    found = tuple(statements)
    inner = found if no_transaction else unwrap(found)
    demanded = bool(inner) and not any(statement.transactional for statement in inner)
    wrapped = len(inner) < len(found)
    return Script(inner, wrapped or not (no_transaction or demanded), _joined(inner), wrapped)


def normalised(text: str) -> str:
    """Return `text` as every layout reads it: without a byte order mark, lines ending in LF."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _joined(statements: Sequence[Statement]) -> str:
    return ";\n".join(statement.text for statement in statements)


_RULE = "-- " + "=" * 77


def compose(up: str, down: str) -> str:
    """Return a file's text with both halves behind their markers."""
    forward = f"{_heading('UP Migration')}{up.strip()}\n"
    return f"{forward}\n{_heading('DOWN Migration (rollback)')}{down.strip()}\n"


def _heading(words: str) -> str:
    return f"{_RULE}\n-- {words}\n{_RULE}\n"
