"""What a push comes to: one verdict for each branch, and the report of all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migrate_hooks.errors import Exit
from migrate_hooks.lint import waived
from migrate_hooks.model.environment import Environment
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.migration import called
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.schema import Difference
from migrate_hooks.model.words import amount, some

_SHOWN = 3
_NAMED = 8
"""How many reasons, and how many migrations, a line names."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about one pushed branch.

    `deploys` are the names of the migrations it would bring, `unchecked` of the checks that were
    not made. `differences` are those that nothing explains; `explained` counts the others. `notes`
    are sentences for people, `next_steps` commands to type.
    """

    environment: Environment
    findings: tuple[Finding, ...] = ()
    differences: tuple[Difference, ...] = ()
    deploys: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()
    is_deletion: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether the branch must not be pushed."""
        return any(finding.severity is Severity.CRITICAL for finding in self.findings)


def report(verdicts: Sequence[Verdict]) -> Report:
    """Return the report of a push: git takes all of its branches or none."""
    blocked = any(one.is_blocked for one in verdicts)
    passed = Outcome.UNCHECKED if any(one.unchecked for one in verdicts) else Outcome.CLEAN
    return Report(
        action="hook pre-push",
        outcome=Outcome.REFUSED if blocked else passed,
        exit_code=Exit.FINDINGS if blocked else Exit.CLEAN,
        environment=", ".join(one.environment.name for one in verdicts),
        findings=tuple(finding for one in verdicts for finding in one.findings),
        differences=tuple(found for one in verdicts for found in one.differences),
        notes=tuple(note for one in verdicts for note in _sentences(one)),
    )


def _sentences(verdict: Verdict) -> Iterator[str]:
    yield _head(verdict)
    yield from (f"  {note}" for note in verdict.notes)
    if verdict.next_steps:
        yield f"  Next: {'; '.join(verdict.next_steps)}"


def _head(verdict: Verdict) -> str:
    head = f"{verdict.environment.name} (branch {verdict.environment.branch})"
    silenced = sum(map(waived.is_silenced, verdict.findings))
    doubt = f"; {silenced} waived or in the baseline" if silenced else ""
    doubt += f"; NOT CHECKED: {', '.join(verdict.unchecked)}" if verdict.unchecked else ""
    if verdict.is_blocked:
        return f"{head}: BLOCKED by {_reasons(verdict)}{doubt}"
    return f"{head}: passes{_deploys(verdict)}{doubt}"


def _reasons(verdict: Verdict) -> str:
    worst = [one for one in verdict.findings if one.severity is Severity.CRITICAL]
    told = list(dict.fromkeys(map(_reason, worst)))
    return f"{amount(len(worst), 'critical finding')}: {some(told, _SHOWN)}"


def _reason(finding: Finding) -> str:
    place = finding.place
    if isinstance(place, FilePlace):
        return f"{finding.code} in {called(place.path)}"
    if place is None or place.kind == "environment":
        return finding.code
    return f"{finding.code} {place.identity}"


def _deploys(verdict: Verdict) -> str:
    if verdict.deploys:
        return f"; to be deployed: {some(verdict.deploys, _NAMED)}"
    is_known = "status" not in verdict.unchecked and not verdict.is_deletion
    return "; nothing to deploy" if is_known else ""
