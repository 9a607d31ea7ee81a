"""What lint says of a repair before it is written, and what of that its purpose answers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from migrate_hooks.actions import drift_files, lint, lint_scope
from migrate_hooks.actions.drift_files import Draft
from migrate_hooks.actions.new_file import Folder
from migrate_hooks.model.finding import FilePlace, Finding
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside.files import FileText

_MEANT = "it is what was changed by hand that this is about"
_BOUND = "what an index of a partitioned table does, it cannot do CONCURRENTLY"
_ANSWERS = {
    "locks/concurrently-if-not-exists": "it has to change nothing where the index is there already",
    "data/drop-view": _MEANT,
    "locks/drop-index": _BOUND,
    "locks/index-build": _BOUND,
    "squawk/require-concurrent-index-creation": _BOUND,
    "squawk/require-concurrent-index-deletion": _BOUND,
}
_TASTE = "squawk/ban-"
_LOSSES = ("data/drop-",)


def judged(
    settings: Settings, place: Folder, drafts: Sequence[Draft]
) -> tuple[tuple[Draft, ...], tuple[Finding, ...]]:
    """Return the drafts with waivers for what is meant, and the findings that are left.

    What loses data is there only because somebody allowed it by name, and is waived with that.
    """
    found = _lint(settings, place, drafts)
    waived = tuple(_waived(place, draft, found) for draft in drafts)
    return waived, _lint(settings, place, waived) if waived != tuple(drafts) else found


def _lint(settings: Settings, place: Folder, drafts: Sequence[Draft]) -> tuple[Finding, ...]:
    texts = {
        draft.path: FileText(draft.path, place.layout.scaffold(draft.up, draft.down))
        for draft in drafts
    }
    if not texts:
        return ()
    scope = lint_scope.choose(settings, place.path, (), False, None, False)
    whole = replace(
        scope,
        judged=texts,
        siblings={**scope.siblings, **scope.judged},
        known=tuple(sorted({*scope.known, *texts})),
    )
    return lint.judge(settings, place.path, whole, style=False)


def _waived(place: Folder, draft: Draft, found: Iterable[Finding]) -> Draft:
    """Return the draft with a line above each statement that has something to answer for."""
    text, up = place.layout.scaffold(draft.up, draft.down), draft.up.strip()
    first = text[: text.index(up)].count("\n") + 1
    lines = up.split("\n")
    starts = [one.line for one in drift_files.read(place, draft).up.statements]
    answers = dict.fromkeys(_answers(draft, starts, found))
    for line, words in sorted(answers, reverse=True):
        lines.insert(line - first, words)
    return replace(draft, up="\n".join(lines))


def _answers(
    draft: Draft, starts: Sequence[int], found: Iterable[Finding]
) -> Iterator[tuple[int, str]]:
    """Yield (line of a statement, the waiver to put above it)."""
    for one in found:
        if not isinstance(one.place, FilePlace) or one.place.path != draft.path:
            continue
        place = sum(start <= one.place.line for start in starts) - 1
        if 0 <= place < len(draft.part.up):
            reason = _reason(one.code, draft.part.up[place][1].loses)
            if reason:
                yield starts[place], f"-- migrate-hooks: ignore {one.code} because {reason}"


def _reason(code: str, loses: str) -> str:
    if loses and code.startswith(_LOSSES):
        return "it was allowed by name when this was written"
    return _MEANT if code.startswith(_TASTE) else _ANSWERS.get(code, "")
