"""The last line: how it ended, in words."""

from collections import Counter

from migrate_hooks.model.finding import ObjectPlace, Severity
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.render.base import Style
from migrate_hooks.render.findings import hint, is_failure, of_differences
from migrate_hooks.render.ink import Line, Role, Span, line
from migrate_hooks.render.wrap import wrapped
from migrate_hooks.schema.identity import dotted

WORDS = {
    Outcome.CLEAN: ("clean", Role.GOOD),
    Outcome.FINDINGS: ("findings", Role.BAD),
    Outcome.REFUSED: ("refused", Role.BAD),
    Outcome.FAILED: ("failed", Role.BAD),
    Outcome.UNCHECKED: ("NOT CHECKED", Role.BAD),
    Outcome.PARTIAL: ("PARTIAL OR UNKNOWN", Role.BAD),
}

# Actions that do something instead of looking at something: "clean" would not answer them.
DEEDS = frozenset(
    {"apply", "backup", "config", "demo", "init", "install", "new", "repair", "restore", "revert"}
    | {"rollback", "rule", "uninstall"}
)


def closing(report: Report, style: Style) -> tuple[Line, ...]:
    """Return the verdict; where one sentence stopped the action it is that sentence."""
    word, role = WORDS[report.outcome]
    if _has_been_said(report):
        return ()
    if is_failure(report):
        only = report.findings[0]
        head = line(Span(f"{word}: ", role))
        return (*wrapped(head, only.message, style), *hint(only.hint, style))
    return (line(Span(_sentence(report, word), role), Span(_hidden(report, style), Role.DIM)),)


def _has_been_said(report: Report) -> bool:
    """Say whether a git hook's notes are all there is to tell; what is fine takes few lines."""
    is_hook = report.action.partition(" ")[0] == "hook"
    passes = report.outcome in (Outcome.CLEAN, Outcome.UNCHECKED)
    return is_hook and passes and bool(report.notes) and not _counts(report)


def _sentence(report: Report, word: str) -> str:
    if report.outcome == Outcome.CLEAN and report.action.partition(" ")[0] in DEEDS:
        word = "done"
    names, counts = ", ".join(_unchecked(report)), ", ".join(_counts(report))
    if report.outcome == Outcome.FINDINGS and counts:
        return counts
    details = f"{names} ({counts})" if names and counts else names or counts
    return f"{word}: {details}" if details else word


def _unchecked(report: Report) -> tuple[str, ...]:
    """Return the environments that could not be asked, in the order in which they were tried."""
    if report.outcome != Outcome.UNCHECKED:
        return ()
    places = [one.place for one in report.findings if isinstance(one.place, ObjectPlace)]
    # What is wrong with one object was found by asking: only the environment itself can be silent.
    return tuple(dict.fromkeys(one.environment for one in places if one.kind == "environment"))


def _counts(report: Report) -> tuple[str, ...]:
    found = _by_severity(report)
    critical, warnings = found[Severity.CRITICAL], found[Severity.WARNING]
    texts = (f"{critical} critical", f"{warnings} warning{'s' if warnings > 1 else ''}")
    return tuple(text for text in texts if text[0] != "0")


def _hidden(report: Report, style: Style) -> str:
    count = _by_severity(report)[Severity.INFO]
    return f"  ({count} info hidden, see --verbose)" if count and not style.verbose else ""


def _by_severity(report: Report) -> Counter[Severity]:
    found = Counter(finding.severity for finding in report.findings)
    told = of_differences(report)
    return found + Counter(
        each.severity
        for each in report.differences
        if not each.explained and (each.kind, dotted(each.identity)) not in told
    )
