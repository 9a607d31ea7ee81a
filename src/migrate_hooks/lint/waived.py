"""What a run says about findings that were waived; light, because every run says it."""

from collections.abc import Iterable

from migrate_hooks.model.finding import Finding

APPLIED = "waiver/applied"
KNOWN = "baseline/known"


def is_silenced(finding: Finding) -> bool:
    """Return whether a waiver or a baseline took the weight from a finding."""
    return finding.code in (APPLIED, KNOWN)


def count(findings: Iterable[Finding]) -> str:
    """Return the sentence that says how many findings were waived, "" for none."""
    number = sum(1 for one in findings if one.code == APPLIED)
    if not number:
        return ""
    return f"{number} finding{'' if number == 1 else 's'} waived; --verbose says which and why."
