"""A DOWN below a heading that is none for us: the marker above it."""

import re
from collections.abc import Iterable, Sequence

from migrate_hooks.lint.change import Case, Change, Edit, Fix
from migrate_hooks.model.migration import Statement
from migrate_hooks.sql import parse
from migrate_hooks.sql.lexer import Token, alone, scan
from migrate_hooks.sql.parse import Name
from migrate_hooks.sql.split import Span, levels, statements

# The markers of other tools, and what people write instead of one.
_HEADING = re.compile(
    r"""-{2,}[\s=*#~_-]*(?:
      (?:migrate:|\+goose\s+|\+migrate\s+|\+micrate\s+|@)?down\b
    | (?:roll\s?back|undo|revert)\b
    | //@undo\b
    )[\s:]*(?:(?:migration|migrate|section|script|part|sql|rollback|statements?)\b[\s:]*)*
    [^\w]*""",
    re.IGNORECASE | re.VERBOSE,
)


def _propose(case: Case) -> Change | str:
    text = case.subject.text
    found = [one for one in _own_lines(text) if _HEADING.fullmatch(one.text)]
    if len(found) != 1 or case.subject.sections.down is not None:
        return "there is no heading that can only mean DOWN; write DOWN yourself"
    heading = found[0]
    up = statements(text, Span(0, heading.start))
    down = statements(text, Span(heading.end, len(text)))
    if not case.context.down_in_comments and not _undoes(down, up):
        return "what stands below the heading is not certain to undo UP"
    head = text.rfind("\n", 0, heading.start) + 1
    return Change("DOWN marked as such", (Edit(head, head, "-- DOWN Migration\n"),))


def _own_lines(text: str) -> Iterable[Token]:
    """Yield the comments that stand alone on their line, outside of any statement's body."""
    before: Token | None = None
    for token, inside in levels(scan(text)):
        if token.kind == "line_comment" and not inside and alone(token, before):
            yield token
        before = token


def _undoes(down: Sequence[Statement], up: Sequence[Statement]) -> bool:
    """Return whether every statement of `down` drops or changes something that `up` is about."""
    about = _about(up)
    return bool(down and up) and all(about & _about([one]) for one in down)


def _about(found: Sequence[Statement]) -> frozenset[Name]:
    read = (parse.names(one.text) for one in found)
    return frozenset(
        (kind, schema or "public", name)
        for names in read
        if names is not None
        for kind, schema, name in names.created | names.touched
    )


FIX = Fix(
    name="down-marker",
    codes=("sections/down-missing",),
    summary=(
        "A DOWN below a heading of another tool, or of nobody (`-- +goose Down`, `-- Rollback`), "
        "gets the line `-- DOWN Migration`, if everything below it is about what UP changes."
    ),
    propose=_propose,
)
