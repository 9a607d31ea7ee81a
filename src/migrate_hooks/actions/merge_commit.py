"""Before a merge is committed: what both sides' migrations are together.

Each file was judged where it was written, so a file that comes as it is from either side is only
asked how it fits: its order, its version, its name. One that git put together from both sides is
new to everybody and judged whole. Files of this side that the merge made late are a warning: the
merge does no harm, and they can still get another time before they are pushed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from migrate_hooks.actions import lint, outcome, texts
from migrate_hooks.errors import Exit
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.report import Report
from migrate_hooks.model.settings import Settings
from migrate_hooks.outside import git_heads
from migrate_hooks.outside.files import FileText

_ACTION = "hook pre-merge-commit"
_BETWEEN_FILES = ("order/", "naming/duplicate-", "structure/later-object")


def run(settings: Settings) -> Report:
    """Judge the merge that the index holds; style is left out, as it never blocks.

    Raises what `lint` raises.
    """
    root = settings.root
    folder, scope = lint.chosen(settings, (), True, None, False)
    taken = _taken(root, scope.judged, git_heads.merged(root))
    own = frozenset(scope.siblings)
    whole = replace(scope, judged={**scope.judged, **scope.siblings}, siblings={})
    found = lint.judge(settings, folder, whole, style=False)
    known, told = lint.known(settings, found, whole, False, None)
    findings = tuple(
        _weighed(one, own) for one in known if _path(one) not in taken | own or _is_between(one)
    )
    ending, code = outcome.of(findings)
    notes = (*told, _sentence(len(scope.judged), stops=code is not Exit.CLEAN))
    return Report(_ACTION, ending, code, findings=findings, notes=notes)


def _sentence(count: int, *, stops: bool) -> str:
    brought = f"This merge brings {count} migration file{'' if count == 1 else 's'}."
    go_on = " Mend it here, `git add` it and `git commit`; or go back by `git merge --abort`."
    return brought + (go_on if stops else "")


def _taken(root: Path, judged: Mapping[str, FileText], heads: Sequence[str]) -> frozenset[str]:
    """Return the files that stand in one of the merged commits as they stand here."""
    there = [texts.blobs(root, head)(judged) for head in heads]
    return frozenset(
        path
        for path, text in judged.items()
        if any(one[path].text == text.text and not one[path].problem for one in there)
    )


def _path(finding: Finding) -> str:
    return finding.place.path if isinstance(finding.place, FilePlace) else ""


def _is_between(finding: Finding) -> bool:
    return finding.code.startswith(_BETWEEN_FILES)


def _weighed(finding: Finding, own: frozenset[str]) -> Finding:
    is_ours = _path(finding) in own and finding.severity is Severity.CRITICAL
    return replace(finding, severity=Severity.WARNING) if is_ours else finding
