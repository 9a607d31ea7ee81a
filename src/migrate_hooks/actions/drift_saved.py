"""Environments that were saved as files: written, found again, and judged as if still there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shlex import quote

from migrate_hooks import __version__
from migrate_hooks.actions import drift_read
from migrate_hooks.actions.backup_words import spell_age
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.config import targets
from migrate_hooks.errors import (
    BadSnapshot,
    CannotWrite,
    Failure,
    LedgerUnreadable,
    Refused,
    UsageProblem,
)
from migrate_hooks.history import reconcile
from migrate_hooks.ledgers.base import Wanted
from migrate_hooks.model.environment import Target
from migrate_hooks.model.history import Applied
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import clock, files
from migrate_hooks.outside.files import FileText
from migrate_hooks.schema import saved
from migrate_hooks.schema.saved import Saved
from migrate_hooks.sql.fingerprint import fingerprint

_MOST_BYTES = 1 << 30
_HEAD = 200
_CLOCKS_MAY_DIFFER = timedelta(minutes=5)


def both(settings: Settings, source: str, target: str, wanted: Wanted | None) -> tuple[Seen, Seen]:
    """Read two environments, each by its name or from the file that it was saved in.

    Where both are the same environment at different times, what was saved is called by its file.
    Raises BadSnapshot, and what drift_read.both raises.
    """
    old, older = (_file(settings, word) for word in (source, target))
    if not old and not older:
        places = (targets.target(settings, source), targets.target(settings, target))
        return drift_read.both(*places, wanted)
    here, there = (one(settings, word, wanted) for word in (source, target))
    if here.reading.environment == there.reading.environment:
        here, there = _by_file(here), _by_file(there)
    return here, there


def one(settings: Settings, word: str, wanted: Wanted | None) -> Seen:
    """Read one environment by its name, or from the file that it was saved in."""
    file = _file(settings, word)
    if file:
        return read(file, word)
    return drift_read.one(targets.target(settings, word), wanted)


def _file(settings: Settings, word: str) -> Path | None:
    """Return the file that a word names, unless an environment is called so."""
    if any(one.name == word for one in settings.environments):
        return None
    file = Path(word)
    return file if word.endswith(".json") or file.is_file() else None


def read(file: Path, name: str) -> Seen:
    """Return an environment as `file` says that it was; people call the file `name`.

    Raises BadSnapshot.
    """
    found = _text(file)
    if found.problem:
        raise BadSnapshot(
            f"{name} {found.problem}, so there is no snapshot to compare with.",
            "Name an environment, or save one first: migrate-hooks drift --env=NAME --save FILE",
        )
    return seen(saved.from_text(found.text, name), name)


def _text(file: Path) -> FileText:
    if file.is_file() and file.stat().st_size > _MOST_BYTES:
        return FileText(str(file), "", "is too large for a snapshot")
    return files.read_text(Path("/"), str(file.absolute()))


def seen(was: Saved, name: str) -> Seen:
    """Return what was saved, as people call it, as if it had been read now.

    The notes of its target say how old that is.
    """
    environment, problem = was.reading.environment, was.ledger_problem
    return Seen(
        Target(environment, name, {}, None, "", "", "", "", notes=(_age(was, name),)),
        (),
        was.reading.version // 10_000,
        was.owner,
        was.worker,
        was.reading,
        was.applied,
        LedgerUnreadable(f"When {name} was saved: {problem}") if problem else None,
        was.taken_at,
    )


def _age(was: Saved, name: str) -> str:
    moment = f"{was.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    age = clock.utc_now() - was.taken_at
    if age < -_CLOCKS_MAY_DIFFER:
        return f"{name} says that it was saved at {moment}, which is still to come."
    ago = spell_age(int(age.total_seconds()))
    return f"{name} is {was.reading.environment} as it was {ago} ago, at {moment}."


def _by_file(seen: Seen) -> Seen:
    if not seen.saved_at:
        return seen
    name = seen.target.source
    unchecked = tuple(replace(each, environment=name) for each in seen.reading.unchecked)
    reading = replace(seen.reading, environment=name, unchecked=unchecked)
    return replace(seen, target=replace(seen.target, environment=name), reading=reading)


def ages(*sides: Seen) -> tuple[str, ...]:
    """Say of each side that was saved how old it is."""
    return tuple(note for seen in sides if seen.saved_at for note in seen.target.notes)


def refuse_to_overwrite(file: Path) -> None:
    """Raise Refused where `file` is there and is no snapshot; an empty file is nobody's.

    Raises CannotWrite where it cannot be.
    """
    if not file.parent.is_dir():
        raise CannotWrite(
            f"{file} cannot be written: there is no folder {file.parent}.",
            f"Make it first: mkdir -p {quote(str(file.parent))}",
        )
    if not file.exists():
        return
    if not file.is_file() or not _may_be_replaced(file):
        raise Refused(
            f"{file} is there and is no snapshot, so it was not overwritten.",
            f"Save under another name, or remove {file} yourself.",
        )


def _may_be_replaced(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            start = opened.read(_HEAD)
    except OSError as wrong:
        raise files.cannot_write(file, wrong) from None
    return not start or saved.is_one(start.decode(errors="replace"))


def save(seen: Seen, file: Path, failure: Failure | None = None) -> str:
    """Write what was read of an environment into `file`, and return a sentence about that.

    `failure` is why no ledger was asked for. The SQL that a ledger keeps is left out: it is in the
    migrations, and what is not may be nobody else's business. Raises CannotWrite, and UsageProblem
    for what was no database.
    """
    name = seen.target.environment
    if seen.saved_at:
        raise UsageProblem(
            f"--save writes what is read from a database, and {seen.target.source} is a file.",
            "Copy the file instead.",
        )
    rows = tuple(map(_without_text, seen.applied))
    kept = as_saved(replace(seen, applied=rows, failure=seen.failure or failure))
    files.write_atomically(file, saved.to_text(kept))
    return f"Saved {name} in {file}; compare with it later: --source={file} or --target={file}"


@contextmanager
def also_saying(said: Iterable[str]) -> Iterator[None]:
    """Let a failure inside not hide what was done before: `said` goes in front of its hint."""
    try:
        yield
    except Failure as wrong:
        wrong.hint = " ".join(filter(None, (*said, wrong.hint)))
        raise


def _without_text(row: Applied) -> Applied:
    if row.text is None:
        return row
    return replace(
        row, text=None, checksum=reconcile.tokens(row.text), fingerprint=fingerprint(row.text)
    )


def as_saved(seen: Seen) -> Saved:
    """Return what was read of an environment as it is to be saved."""
    problem = seen.failure.message if seen.failure else ""
    who = (seen.owner, seen.worker)
    return Saved(clock.utc_now(), __version__, seen.reading, *who, seen.applied, problem)
