"""A repair as migration files: texts in the way of the folder's layout, and where they will be."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate_hooks.actions import drift_plan, new_file, replica
from migrate_hooks.actions.drift_batches import Left, Mode
from migrate_hooks.actions.drift_plan import Part, Pieces
from migrate_hooks.actions.new_file import Folder
from migrate_hooks.errors import CannotWrite
from migrate_hooks.history import inverse
from migrate_hooks.layouts.base import Layout
from migrate_hooks.lint import names
from migrate_hooks.model.migration import Migration
from migrate_hooks.outside import clock, files
from migrate_hooks.schema.remedy import Piece
from migrate_hooks.sql.split import statements

# To PostgreSQL a carriage return ends a comment, too.
_LINE_END = re.compile(r"\r\n|\r|\n")
_SUFFIXES = {Mode.WHOLE: "", Mode.ALONE: "concurrently", Mode.APART: "validate"}


@dataclass(frozen=True, slots=True)
class Draft:
    """A migration that is not written yet: its path, its halves, and the part that it does."""

    path: str
    up: str
    down: str
    part: Part


def drafts(
    place: Folder, name: str, head: str, parts: Sequence[Part], left: Sequence[Left]
) -> tuple[tuple[Draft, ...], tuple[str, ...]]:
    """Return the files of a repair called `name`, and sentences about what was special.

    `head` is a sentence about what they are for. Raises Refused where a name is taken.
    """
    digits, notes = new_file.next_version(place, clock.utc_now())
    made: list[Draft] = []
    for each, words in zip(parts, _names(name, parts), strict=True):
        new_file.refuse_twin(place, words)
        path = f"{place.path}/{place.layout.place(f'{digits}_{words}')}"
        rest = () if made else left
        made.append(Draft(path, _up(head, each, rest), _down(place.layout, path, each), each))
        digits = names.after(digits)
    return tuple(made), notes


def _names(name: str, parts: Sequence[Part]) -> Iterator[str]:
    taken: set[str] = set()
    for each in parts:
        suffix = _SUFFIXES[each.mode]
        stem = f"{name}_{suffix}" if suffix and len(parts) > 1 else name
        words = next(
            one
            for one in (stem, *(f"{stem}_{count}" for count in range(2, len(parts) + 2)))
            if one not in taken
        )
        taken.add(words)
        yield words


def _up(head: str, part: Part, left: Sequence[Left]) -> str:
    lines = [f"-- {head}"]
    if part.mode is Mode.ALONE:
        lines.append(inverse.NO_TRANSACTION)
    return "\n\n".join(["\n".join(lines), spelled(part.up), *map(comment, left)])


def _down(layout: Layout, path: str, part: Part) -> str:
    remarks = [f"-- Not taken back: {subject(one)}: {_clause(one)}." for one in part.kept]
    if not part.down:
        reason = "; ".join(f"{subject(one)}: {_clause(one)}" for one in part.kept)
        return inverse.without_down(reason or "nothing has to be taken back")
    own = [inverse.NO_TRANSACTION] if layout.beside(path) and part.mode is Mode.ALONE else []
    return "\n\n".join([*own, *remarks, spelled(part.down)])


def spelled(pieces: Pieces) -> str:
    """Return statements as the text of a half, each behind what it endangers."""
    return "\n\n".join("\n".join([*_marks(piece), f"{piece.sql};"]) for _, piece in pieces)


def _marks(piece: Piece) -> Iterator[str]:
    for name, does in drift_plan.told_hazards(piece):
        yield f"-- hazard: {name}: {inverse.one_line(does)}"
    if piece.loses:
        yield f"-- loses: {inverse.one_line(piece.loses)}"
    if piece.note:
        yield f"-- note: {inverse.one_line(piece.note)}"


def comment(one: Left) -> str:
    """Return what is not done as comments: why, and the statements."""
    said = f"-- Left as it is: {subject(one)}, because {_clause(one)}."
    sql = (line for each in one.sql if each for line in _LINE_END.split(f"{each};"))
    return "\n".join([said, *(f"--   {line}" for line in sql)])


def subject(one: Left) -> str:
    """Return how an object is called in a sentence."""
    return replica.called(one.key)


def _clause(one: Left) -> str:
    return inverse.one_line(one.reason).rstrip(".")


def read(place: Folder, draft: Draft) -> Migration:
    """Return a draft as its layout reads it."""
    layout = place.layout
    beside = f"{draft.down}\n" if _is_beside(layout, draft) else None
    return layout.read(draft.path, layout.scaffold(draft.up, draft.down), beside)


def _is_beside(layout: Layout, draft: Draft) -> bool:
    return layout.beside(draft.path) is not None and bool(statements(draft.down))


def write(root: Path, place: Folder, made: Sequence[Draft]) -> None:
    """Write the drafts, all of them or none; raises CannotWrite."""
    written: list[Path] = []
    try:
        for path, text in (one for draft in made for one in _texts(place.layout, draft)):
            files.write_new(root / path, text)
            written.append(root / path)
    except BaseException as wrong:  # ctrl-C too: half a repair is none
        for file in written:
            file.unlink(missing_ok=True)
        if isinstance(wrong, FileExistsError):
            raise CannotWrite(
                f"{wrong.filename} was made by somebody else in the meantime.",
                "Run the command again.",
            ) from None
        raise


def _texts(layout: Layout, draft: Draft) -> Iterator[tuple[str, str]]:
    yield draft.path, layout.scaffold(draft.up, draft.down)
    beside = layout.beside(draft.path)
    if beside and _is_beside(layout, draft):
        yield beside, f"{draft.down}\n"
