"""Make an index statement CONCURRENTLY: where it stands if it is alone, else in a file of its own.

CONCURRENTLY cannot run in a transaction, and a file runs either in one or without.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from migrate_hooks.lint import pieces
from migrate_hooks.lint.change import Case, Change, Edit, NextFile, applied
from migrate_hooks.lint.pieces import Piece
from migrate_hooks.model.migration import Statement
from migrate_hooks.sql.lexer import Span, scan
from migrate_hooks.sql.operations import Operation, operations

HEADER = "-- migrate-hooks: no-transaction\n"
_WORD = "CONCURRENTLY"
_CONTROL = frozenset({"BEGIN", "COMMIT"})
# What may be set above a statement without deciding what its names mean.
_TIMEOUTS = frozenset({"lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"})
_HIDDEN_WORK = frozenset({"DO", "CALL", "SELECT", "EXECUTE"})
_CHANGING = ("ALTER", "DROP", "DO")  # the verbs of those below
_OF_TABLE = (
    "RENAME",
    "SET SCHEMA",
    "DROP TABLE",
    "DROP MATVIEW",
    "ALTER TABLE DropColumn",
    "ALTER TABLE AlterColumnType",
)
_WIDE = ("DROP SCHEMA", "DROP EXTENSION", "DropOwnedStmt")


@dataclass(frozen=True, slots=True)
class Index:
    """The statement to change: the index's name, what undoes it in DOWN, what would if none does.

    `back` is a DROP INDEX or CREATE INDEX of the same index, `undo` SQL in its place or "".
    `table` is the table's bare name, "" where the statement does not tell it. `words` name a file
    of its own, `proviso` is what the report has to add.
    """

    piece: Piece
    name: str
    table: str
    is_unique: bool
    back: Piece | None
    undo: str
    words: str
    proviso: str


def concurrently(case: Case, index: Index) -> Change | str:
    """Return the change, or why it is not certain."""
    subject, context = case.subject, case.context
    if index.back is not None and not _is_plain(case, index.back):
        return "what undoes it in DOWN stands in a block comment"
    ups = [one for one in pieces.up(subject, context) if one.statement.verb not in _CONTROL]
    downs = pieces.down(subject, context)
    if not subject.in_transaction or (
        ups == [index.piece] and all(one == index.back for one in downs)
    ):
        return _in_place(case, index)
    reason = _stays(case, index, [one.statement for one in ups])
    return reason or _moved(case, index)


def _is_plain(case: Case, piece: Piece) -> bool:
    lines = case.subject.text[piece.start : piece.end].split("\n")
    return not piece.in_comment or all(line.lstrip().startswith("--") for line in lines)


def _in_place(case: Case, index: Index) -> Change:
    text = case.subject.text
    edits = [_inserted(text, one) for one in (index.piece, index.back) if one is not None]
    leaves = case.subject.in_transaction
    if leaves:
        span = pieces.with_comments(case.subject, index.piece)
        edits += [Edit(span.start, span.start, HEADER), *_unwrapped(case)]
    return Change(f"{index.name} made CONCURRENTLY{index.proviso}", tuple(edits), alone=leaves)


def _unwrapped(case: Case) -> list[Edit]:
    """Return the edits that take BEGIN and COMMIT away from around a lone statement."""
    found = pieces.up(case.subject, case.context)
    spans = (Span(one.start, one.stop) for one in found if one.statement.verb in _CONTROL)
    cuts = (pieces.without(case.subject.text, span) for span in spans)
    return [Edit(span.start, span.end, "") for span in cuts]


def _inserted(text: str, piece: Piece) -> Edit:
    at = piece.start + _behind_kind(text[piece.start : piece.end], piece.in_comment)
    is_there = _is_concurrent(text[at : piece.end])
    return Edit(at, at, "" if is_there else f" {_WORD}")


def _behind_kind(sql: str, in_comment: bool) -> int:
    """Return the offset behind the word INDEX (or TABLE and SCHEMA, of REINDEX)."""
    skipped = len(sql) - len(sql.lstrip(" \t-")) if in_comment else 0
    kinds = {"INDEX", "TABLE", "SCHEMA"}
    found = (one for one in scan(sql, skipped) if one.kind == "word" and one.text.upper() in kinds)
    return next(found).end


def _is_concurrent(rest: str) -> bool:
    return rest.split(maxsplit=1)[:1] in ([_WORD], [_WORD.lower()])


def _stays(case: Case, index: Index, ups: Sequence[Statement]) -> str:
    """Return why a statement cannot come after all the others, or ""."""
    if index.back is None and not index.undo:
        return "DOWN does not say how to undo it, and its own file needs a DOWN"
    if any(_decides(one) for one in ups):
        return "the file sets something for its session that a file of its own would not have"
    mine = ups.index(index.piece.statement)
    later = (*ups[mine + 1 :], *case.later)
    if pieces.is_named(index.name, later):
        return f"a later statement needs {index.name}"
    changing = [one for one in later if one.verb.startswith(_CHANGING)]
    moving = next((one for one in operations(changing) if _moves(one, index)), None)
    if moving is not None:
        return f"a later statement ({moving.statement.verb}) changes what {index.name} is built on"
    if index.is_unique and any(_needs_unique(one, index) for one in later):
        return f"a later statement may rely on the uniqueness that {index.name} brings"
    return ""


def _decides(one: Statement) -> bool:
    is_set = one.verb in ("SET", "RESET", "DISCARD") and one.target.lower() not in _TIMEOUTS
    return is_set or "set_config" in one.text.lower()


def _moves(one: Operation, index: Index) -> bool:
    """Return whether the statement might fail, or mean something else, behind this operation."""
    if one.kind == "DoStmt":
        return index.table == "" or pieces.is_named(index.table, [one.statement])
    if one.kind.startswith(_WIDE):
        return True
    if one.table:
        return one.kind.startswith(_OF_TABLE) and index.table in ("", one.table)
    if not one.kind.startswith(("DROP", "RENAME")):
        return False
    name = one.statement.target.rpartition(".")[2].strip('"')
    return pieces.is_named(name, [index.piece.statement])


def _needs_unique(one: Statement, index: Index) -> bool:
    return one.verb in _HIDDEN_WORK or pieces.is_named(index.table, [one])


def _moved(case: Case, index: Index) -> Change:
    text = case.subject.text
    span = pieces.with_comments(case.subject, index.piece)
    cuts = [pieces.without(text, span)]
    back = index.undo
    if index.back is not None:
        cuts.append(pieces.without(text, _own_line(text, index.back)))
        back = _rewritten(pieces.revived(text, index.back))
    fresh = NextFile(index.words, HEADER + _alone(text, span, index.piece), f"{back};")
    return Change(
        f"{index.name} made CONCURRENTLY, in a file of its own{index.proviso}",
        tuple(Edit(one.start, one.end, "") for one in cuts),
        files=(fresh,),
    )


def _alone(text: str, span: Span, piece: Piece) -> str:
    """Return the statement with its comments, made CONCURRENTLY and ended."""
    edits = [_inserted(text, piece)]
    if piece.stop == piece.end:
        edits.append(Edit(piece.end, piece.end, ";"))
    moved = (Edit(one.start - span.start, one.end - span.start, one.text) for one in edits)
    return applied(text[span.start : span.end], moved).replace("\r\n", "\n")


def _own_line(text: str, piece: Piece) -> Span:
    """Return a statement with what indents it; comments around it stay behind."""
    head = text.rfind("\n", 0, piece.start) + 1
    return Span(head if not text[head : piece.start].strip() else piece.start, piece.stop)


def _rewritten(sql: str) -> str:
    at = _behind_kind(sql, in_comment=False)
    return sql if _is_concurrent(sql[at:]) else f"{sql[:at]} {_WORD}{sql[at:]}"
