"""One file's style: an engine's findings as ours, and an honest word about what it cannot read.

Both engines know the same rules by the same codes, so `sqlfluff/CP01` is the code of either's
finding: waivers, baselines and the configuration mean the same, whoever reads the file.
"""

import re
from collections.abc import Callable, Sequence
from shlex import quote
from typing import TYPE_CHECKING

from migrate_hooks.errors import ConfigProblem
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.migration import Statement
from migrate_hooks.sql.split import statements

if TYPE_CHECKING:
    from migrate_hooks.outside.raw_style import RawStyle

Reader = Callable[[str, str], "tuple[RawStyle, ...]"]
"""What an engine says about a path and its text."""

_ROUNDS = 12  # statements of one file that it may fail to read before the rest is given up
_CODE = "sqlfluff/not-checked"


def check(read: Reader, path: str, text: str, engine: str = "sqlfluff") -> list[Finding]:
    """Return the findings of one text; raises ConfigProblem for what the engine refuses."""
    try:
        return _read(read, path, text.removeprefix("\ufeff"), engine)
    except ConfigProblem:
        raise
    except Exception as crash:
        reason = f"{engine} stopped with {type(crash).__name__}"
        return [note(path, reason, severity=Severity.WARNING)]


def _read(read: Reader, path: str, text: str, engine: str) -> list[Finding]:
    """Return the engine's findings, and a note for each statement that it cannot read.

    It takes everything behind such a statement for unreadable too, so the statement is hidden in a
    comment and the text is read again.
    """
    parts = statements(text)
    hidden: list[Statement] = []
    found = read(path, text)
    while (problem := next((raw for raw in found if raw.unread), None)) is not None:
        blamed = _statement_at(parts, problem)
        if blamed is None or blamed in hidden or len(hidden) == _ROUNDS:
            reason = f"{engine} cannot read the file from here on"
            return [note(path, reason, problem.line, problem.column)]
        hidden.append(blamed)
        text = _hide(text, blamed)
        found = read(path, text)
    seen = [raw for raw in found if not any(_is_within(raw, one) for one in hidden)]
    first = {(raw.line, raw.code): raw for raw in reversed(seen)}  # one a line is enough to see it
    return [
        *(_finding(path, raw, engine) for raw in first.values()),
        *(_unread(path, one, engine) for one in hidden),
    ]


def _statement_at(parts: Sequence[Statement], raw: "RawStyle") -> Statement | None:
    before = [one for one in parts if (one.line, one.column) <= (raw.line, raw.column)]
    return before[-1] if before else None


def _hide(text: str, statement: Statement) -> str:
    """Return `text` with one statement turned into comments of the same size."""
    lines = text.split("\n")
    start = sum(len(line) + 1 for line in lines[: statement.line - 1]) + statement.column - 1
    end = start + len(statement.text)
    rest = re.sub(r"\A(\s*);", r"\1 ", text[end:])  # a lone terminator is beyond both, too
    return text[:start] + re.sub(r"[^\r\n]+", _comment, text[start:end]) + rest


def _comment(line: re.Match[str]) -> str:
    size = len(line[0])
    return f"/*{'.' * (size - 4)}*/" if size >= 4 else " " * size


def _is_within(raw: "RawStyle", statement: Statement) -> bool:
    last = statement.line + statement.text.count("\n")
    return statement.line <= raw.line <= last


def _finding(path: str, raw: "RawStyle", engine: str) -> Finding:
    return Finding(
        f"sqlfluff/{raw.code}",
        Severity.WARNING,
        raw.message,
        FilePlace(path, raw.line, raw.column),
        f"Correct it by hand{_or_by_us(raw.code, path)}, or keep it with `-- noqa: {raw.code}`.",
    )


def _or_by_us(code: str, path: str) -> str:
    from migrate_hooks.outside.raw_style import FIXABLE

    return f" or with `migrate-hooks lint --fix {quote(path)}`" if FIXABLE.fullmatch(code) else ""


def _unread(path: str, statement: Statement, engine: str) -> Finding:
    words = f"{statement.verb} {statement.target}".strip()
    reason = f"{engine} cannot read {words}, although PostgreSQL can"
    return note(path, reason, statement.line, statement.column)


def note(
    path: str, reason: str, line: int = 1, column: int = 1, severity: Severity = Severity.INFO
) -> Finding:
    """Return the finding that says what was not checked, and why."""
    return Finding(
        _CODE,
        severity,
        f"{reason}, so its style was not checked.",
        FilePlace(path, line, column),
        "Read it yourself; nothing else depends on it.",
    )
