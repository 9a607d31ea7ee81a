"""Waivers in a file's comments: `-- migrate-hooks: ignore CODE[, CODE] because REASON`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrate_hooks.lint.facts import Subject
from migrate_hooks.sql.lexer import locator, scan
from migrate_hooks.sql.split import statements

Point = tuple[int, int]
"""(line, column), both from 1."""

_WAIVER = re.compile(
    r"-{2,}+\s*+migrate-hooks:\s*+ignore\b\s*+"
    r"(?P<codes>(?!because\b)[^\s,]++(?:\s*+,\s*+[^\s,]++)*+)?+\s*+(?P<rest>.*)",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"-{2,}+\s*+squawk-ignore(?P<file>-file)?+(?:\s++(?P<codes>[\w-]++(?:[\s,]++[\w-]++)*+))?+\s*+"
)
_REASON = re.compile(r"because\b(?:[\s:,.-]|…)*+(?P<reason>\S.*)", re.IGNORECASE)

_FAR = 1_000_000_000  # behind every line and every column
_WHOLE = (1, 1), (_FAR, _FAR)


@dataclass(frozen=True, slots=True)
class Waiver:
    """One waiver: its codes as written, its reason ("" for none), its own line and column.

    It holds from `start` to `end`, both included.
    """

    codes: tuple[str, ...]
    reason: str
    line: int
    column: int
    start: Point
    end: Point

    def covers(self, line: int, column: int) -> bool:
        """Return whether the place is one that this waiver is about."""
        return self.start <= (line, column) <= self.end


def read(subject: Subject) -> tuple[Waiver, ...]:
    """Return the waivers of a file, in order.

    One above a statement, inside it or behind it on its line holds for that statement. One above
    the first statement holds for the file, if a section marker or an empty line comes between.
    """
    return tuple(
        Waiver(_words(match["codes"]), _reason(match["rest"]), *place, *about)
        for match, place, about in _comments(subject, _WAIVER, "migrate-hooks:")
    )


def of_squawk(subject: Subject) -> tuple[Waiver, ...]:
    """Return what comments of squawk's own waive; without a rule's name it is all that it finds.

    squawk obeys them by itself; a rule of ours that knows one of its findings better has to, too.
    """
    found = []
    for match, place, about in _comments(subject, _FOREIGN, "squawk-ignore"):
        codes = tuple(f"squawk/{word}" for word in _words(match["codes"])) or ("squawk/*",)
        stretch = _WHOLE if match["file"] else about
        found.append(Waiver(codes, "squawk-ignore says so", *place, *stretch))
    return tuple(found)


def _words(listed: str | None) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\s,]+", listed or ""))


def _reason(rest: str) -> str:
    found = _REASON.fullmatch(rest.strip())
    return found["reason"] if found else ""


def _comments(
    subject: Subject, pattern: re.Pattern[str], word: str
) -> Iterator[tuple[re.Match[str], Point, tuple[Point, Point]]]:
    """Yield each line comment that fits, its place, and the stretch that it is about."""
    if word not in subject.text.lower():
        return
    starts = _starts(subject)
    locate = locator(subject.text)
    for token in scan(subject.text):
        match = pattern.fullmatch(token.text) if token.kind == "line_comment" else None
        if match is not None:
            line, column = locate(token.start)
            yield match, (line, column), _about(subject, line, column, starts)


def _starts(subject: Subject) -> list[tuple[Point, int]]:
    """Return where each statement starts and its last line; SQL that stands in comments, too."""
    found = {(one.line, one.column): one for one in (*statements(subject.text), *subject.down)}
    return [(place, place[0] + one.text.count("\n")) for place, one in sorted(found.items())]


def _about(
    subject: Subject, line: int, column: int, starts: list[tuple[Point, int]]
) -> tuple[Point, Point]:
    """Return the stretch that a waiver at `line` and `column` holds for."""
    above = [one for one in starts if one[0] < (line, column)]
    below = [one for one in starts if one[0] > (line, column)]
    if above and line <= above[-1][1]:
        return above[-1][0], _end(above[-1][1], below)
    if not above and (not below or _is_apart(subject, line, below[0][0][0])):
        return _WHOLE
    if not below:
        return (line, 1), (line, _FAR)
    return (line, 1), _end(below[0][1], below[1:])


def _end(last: int, below: list[tuple[Point, int]]) -> Point:
    """Return the end of line `last`, or the place just before a statement that starts there."""
    if below and below[0][0][0] == last:
        return last, below[0][0][1] - 1
    return last, _FAR


def _is_apart(subject: Subject, line: int, first: int) -> bool:
    """Return whether a marker or an empty line stands between `line` and the first statement."""
    between = subject.text.split("\n")[line : first - 1]
    markers = (one.line for one in subject.sections.markers)
    return any(not one.strip() for one in between) or any(line < one < first for one in markers)


def line(code: str) -> str:
    """Return the comment that waives `code`, up to its reason."""
    return f"-- migrate-hooks: ignore {code} because ..."
