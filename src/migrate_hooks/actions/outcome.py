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


def finding(failure: Failure, severity: Severity, environment: str = "") -> Finding:
    """Return a failure as a finding, about `environment` where it is about one."""
    place = ObjectPlace.whole(environment) if environment else None
    return Finding(failure.code, severity, failure.message, place, failure.hint)


def not_checked(environment: str, failure: Failure) -> Finding:
    """Return the finding that says an environment was not checked, and why."""
    return finding(failure, Severity.WARNING, environment)
