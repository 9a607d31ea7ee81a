"""From what was found to how the run ends: one place, so that every verb means the same."""

from collections.abc import Iterable

from migrate_hooks.errors import Exit, Failure
from migrate_hooks.model.finding import Finding, ObjectPlace, Severity
from migrate_hooks.model.report import Outcome


def of(findings: Iterable[Finding], *, unchecked: bool = False) -> tuple[Outcome, Exit]:
    """Return outcome and exit code; what was not checked is never clean."""
    if any(finding.severity is Severity.CRITICAL for finding in findings):
        return Outcome.FINDINGS, Exit.FINDINGS
    return (Outcome.UNCHECKED, Exit.UNCHECKED) if unchecked else (Outcome.CLEAN, Exit.CLEAN)


def not_checked(environment: str, failure: Failure) -> Finding:
    """Return the finding that says an environment was not checked, and why."""
    return Finding(
        failure.code,
        Severity.WARNING,
        failure.message,
        ObjectPlace(environment, "environment", environment),
        failure.hint,
    )
