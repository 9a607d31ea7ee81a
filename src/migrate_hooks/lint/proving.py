"""Judge a change before it is kept: what must be gone is gone, and nothing else is lost."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from migrate_hooks.lint import pieces
from migrate_hooks.lint.change import Change, Edit
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.lint.pieces import Piece
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.sql.checksum import checksum
from migrate_hooks.sql.lexer import locator, scan

_COMMENTS = frozenset({"line_comment", "block_comment"})
_CONTROL = frozenset({"BEGIN", "COMMIT"})


def flaw(old: Subject, new: Sequence[Subject], change: Change, context: Context) -> str:
    """Return what is wrong with the texts that a change makes, as the end of a sentence, or "".

    `new` is what becomes of the file, first, and then the new files.
    """
    for one in new:
        if one.syntax:
            return f"PostgreSQL's parser would refuse it: {one.syntax[0][1].message}"
    if not change.edits:
        return ""
    lost = _lost_comment(old, new, context)
    if lost:
        return f"the comment {lost!r} would be lost"
    keeps = _same_meaning if change.restyles else _same_rest
    return "" if keeps(old, new, change.edits, context) else "another statement would change"


def worse(code: str, before: Iterable[Finding], after: Iterable[Finding]) -> str:
    """Return why findings did not get better: `code` is still there, or something critical came."""
    had, has = list(before), list(after)
    if _count(has)[code] >= _count(had)[code]:
        return f"{code} would still be found"
    came = _count(_critical(has)) - _count(_critical(had))
    return f"{next(iter(sorted(came)))} would come in its place" if came else ""


def _count(found: Iterable[Finding]) -> Counter[str]:
    return Counter(one.code for one in found)


def _critical(found: Iterable[Finding]) -> Iterator[Finding]:
    return (one for one in found if one.severity is Severity.CRITICAL)


def _lost_comment(old: Subject, new: Sequence[Subject], context: Context) -> str:
    """Return a comment that stands nowhere any more, or stands less often, or ""."""
    sql = [one for one in pieces.down(old, context) if one.in_comment]
    lines = {one.statement.line + at for one in sql for at in range(_height(one))}
    told = Counter(text for line, text in _comments(old.text) if line not in lines)
    left = "\n".join(text for one in new for _, text in _comments(one.text))
    return next((text for text, count in told.items() if left.count(text) < count), "")


def _height(piece: Piece) -> int:
    return piece.statement.text.count("\n") + 1


def _comments(text: str) -> Iterator[tuple[int, str]]:
    locate = locator(text)
    for token in scan(text):
        if token.kind in _COMMENTS:
            lines = token.text.replace("\r\n", "\n").split("\n")
            yield locate(token.start)[0], "\n".join(line.strip() for line in lines)


def _same_meaning(
    old: Subject, new: Sequence[Subject], _edits: Sequence[Edit], context: Context
) -> bool:
    return _sums(old, context) == _sums(new[0], context)


def _sums(one: Subject, context: Context) -> list[str]:
    return [checksum(each.statement.text) for each in _all(one, context)]


def _same_rest(
    old: Subject, new: Sequence[Subject], edits: Sequence[Edit], context: Context
) -> bool:
    """Return whether what no edit touches is there, byte for byte, and no statement is missing."""
    rest = [
        old.text[one.start : one.stop]
        for one in _all(old, context)
        if not any(_touches(edit, one) for edit in edits)
    ]
    left = iter([new[0].text[one.start : one.stop] for one in _all(new[0], context)])
    if not all(text in left for text in rest):  # consumes: so the order counts, too
        return False
    return _number([old], context) <= _number(new, context)


def _touches(edit: Edit, piece: Piece) -> bool:
    return edit.start <= piece.stop and edit.end >= piece.start


def _number(found: Sequence[Subject], context: Context) -> int:
    every = (each.statement for one in found for each in _all(one, context))
    return sum(each.verb not in _CONTROL for each in every)


def _all(one: Subject, context: Context) -> list[Piece]:
    return [*pieces.up(one, context), *pieces.down(one, context)]
