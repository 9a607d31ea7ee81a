"""What a ledger says was run, as texts to run again; and what of it nobody has any more."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.actions import familiar
from migrate_hooks.actions.replay import Piece
from migrate_hooks.layouts.base import Layout, script
from migrate_hooks.model.history import Applied, Edit, Entry, State
from migrate_hooks.model.migration import Migration, Script, Version
from migrate_hooks.sql.split import statements

_WAITING = (State.PENDING, State.OUT_OF_ORDER)


@dataclass(frozen=True, slots=True)
class Deed:
    """One version that is applied: the piece that was run, and the file's own where it differs."""

    version: Version
    piece: Piece
    edited: Piece | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What is applied in one environment, in order.

    `doubts` are sentences about what is applied and whose text is not to be had.
    """

    environment: str
    deeds: tuple[Deed, ...]
    doubts: tuple[str, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """The pieces alone."""
        return tuple(one.piece for one in self.deeds)


def past(root: Path, layout: Layout, environment: str, entries: Sequence[Entry]) -> Past:
    """Return what `entries` say was run in an environment; texts of old come from ledger or git."""
    deeds, doubts = [], []
    files = [entry.migration for entry in entries if entry.migration]
    known = familiar.digests(layout.name, files)
    for entry in entries:
        if entry.state in _WAITING:
            continue
        deed = _deed(root, layout, entry, known)
        if deed:
            deeds.append(deed)
        if deed is None or _is_doubtful(entry, deed):
            doubts.append(_doubt(environment, entry))
    pieces = (each.edited or each.piece for each in deeds)
    own = ((one.source, one.digest) for one in pieces if isinstance(one.source, Migration))
    familiar.keep_digests(layout.name, {file: digest for file, digest in own if file not in known})
    return Past(environment, tuple(deeds), tuple(doubts))


def _deed(root: Path, layout: Layout, entry: Entry, known: Mapping[Migration, str]) -> Deed | None:
    file, row = entry.migration, entry.applied
    if entry.state is State.FAILED:
        return None
    if file is None:
        run = _of_text(row.text) if row and row.text else None
        return Deed(entry.version, Piece(_label(entry), run)) if run else None
    own = Piece(_label(entry), file, known.get(file, ""))
    if entry.state is not State.CHANGED or entry.edit is Edit.TEXT or row is None:
        return Deed(entry.version, own)
    before = _before(root, layout, file, row)
    return (
        Deed(entry.version, Piece(own.label, before), own) if before else Deed(entry.version, own)
    )


def _before(root: Path, layout: Layout, file: Migration, row: Applied) -> Script | None:
    """Return what was run before the file was edited: the ledger may have it, or git."""
    if row.text:
        return _of_text(row.text)
    if not row.sha256 or not (root / ".git").exists():
        return None
    from migrate_hooks.outside import git_history

    seen = git_history.find_text(root, file.path, row.sha256)
    return layout.read(file.path, seen[1]).up if seen else None


def _of_text(text: str) -> Script:
    return script(statements(text), no_transaction=False)


def _is_doubtful(entry: Entry, deed: Deed) -> bool:
    return entry.state is State.CHANGED and entry.edit is not Edit.TEXT and deed.edited is None


def _label(entry: Entry) -> str:
    name = entry.migration.name if entry.migration else entry.applied and entry.applied.name
    text = entry.version.text
    return text if not name or text.endswith(f"_{name}") else f"{text}_{name}"


def _doubt(environment: str, entry: Entry) -> str:
    label = _label(entry)
    if entry.state is State.FAILED:
        return f"{label} was begun on {environment} and not finished: what it made is not known"
    if entry.migration is None:
        return f"{label} is applied on {environment}, and neither its file nor its text is here"
    return (
        f"{label} was edited after it was applied on {environment}, and its earlier text is "
        "neither in the ledger nor in git"
    )


def only_in(one: Past, other: Past) -> Iterator[Deed]:
    """Yield what is applied in `one` and not in `other`, in order."""
    known = {deed.version.text for deed in other.deeds}
    yield from (deed for deed in one.deeds if deed.version.text not in known)
