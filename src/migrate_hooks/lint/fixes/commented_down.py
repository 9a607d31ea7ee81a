"""A DOWN that the provider's own tool would run: into comments."""

from migrate_hooks.lint import pieces
from migrate_hooks.lint.change import Case, Change, Edit, Fix
from migrate_hooks.model.migration import Statement
from migrate_hooks.sql.split import statements


def _propose(case: Case) -> Change | str:
    subject = case.subject
    if subject.down:
        return "a part of DOWN stands in comments already, so which part is meant is not certain"
    lines = set[int]()
    for one in subject.code_below_down():
        lines |= set(range(one.line, one.line + one.text.count("\n") + 1))
    above = {one.line + at for one in _ups(case) for at in range(one.text.count("\n") + 1)}
    if lines & above:
        return "UP and DOWN share a line"
    starts = pieces.line_starts(subject.text)
    edits = (Edit(starts[line - 1], starts[line - 1], "-- ") for line in sorted(lines))
    return Change("DOWN put into comments", tuple(edits))


def _ups(case: Case) -> list[Statement]:
    spans = (part.span for part in case.subject.sections.parts if part.kind == "up")
    return [one for span in spans for one in statements(case.subject.text, span)]


FIX = Fix(
    name="commented-down",
    codes=("sections/executable-down",),
    summary="In the supabase layout, a DOWN of plain SQL is put into comments.",
    propose=_propose,
)
