"""The last step of a run: findings that a file waives become one INFO each, with the reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from migrate_hooks.lint import codes, waivers
from migrate_hooks.lint.facts import Context, Subject
from migrate_hooks.lint.waived import APPLIED
from migrate_hooks.lint.waivers import Waiver
from migrate_hooks.model.finding import FilePlace, Finding, Severity

IDLE = "waiver/unused"

Used = set[tuple[str, Waiver, str]]
"""(path, waiver, the code in it that was needed)"""


def apply(
    found: Iterable[Finding], subjects: Sequence[Subject], context: Context
) -> Iterator[Finding]:
    """Yield `found`, with waived findings replaced, and a finding for each idle waiver.

    A waiver without a reason does not count, and some codes cannot be waived.
    """
    said = {one.path: waivers.read(one) for one in subjects}
    heard = {one.path: said[one.path] + waivers.of_squawk(one) for one in subjects}
    used: Used = set()
    for finding in found:
        yield _judge(finding, heard, used) if any(heard.values()) else finding
    for one in subjects:
        if not one.syntax:  # half of what could be waived was not even looked for
            yield from _idle(one, said[one.path], used, context)


def _judge(finding: Finding, heard: dict[str, tuple[Waiver, ...]], used: Used) -> Finding:
    place = finding.place
    if not isinstance(place, FilePlace) or codes.is_never(finding.code):
        return finding
    names = (finding.code, *codes.replaced(finding.code))
    fitting = [
        (waiver, code)
        for waiver in heard.get(place.path, ())
        if waiver.reason and waiver.covers(place.line, place.column)
        for code in waiver.codes
        if any(codes.matches(code, name) for name in names)
    ]
    used.update((place.path, waiver, code) for waiver, code in fitting)
    return _waived(finding, fitting[0][0].reason) if fitting else finding


def _waived(finding: Finding, reason: str) -> Finding:
    message = f"{finding.code} is waived, because {reason.rstrip('.')}: {finding.message}"
    return replace(finding, code=APPLIED, severity=Severity.INFO, message=message, hint="")


def _idle(
    subject: Subject, said: Sequence[Waiver], used: Used, context: Context
) -> Iterator[Finding]:
    for waiver in said:
        for code in waiver.codes:
            needed = (subject.path, waiver, code) in used
            if waiver.reason and not needed and _was_looked_for(code, context):
                yield _finding(subject.path, waiver, code)


def _was_looked_for(code: str, context: Context) -> bool:
    """Return whether this run would have found, and told, what a waiver is about."""
    if not codes.is_known(code) or codes.is_never(code):
        return False
    return not codes.is_any(context.exclude_rules, IDLE) and codes.is_looked_for(
        code,
        excluded=context.exclude_rules,
        enabled=context.enable_rules,
        safety=context.safety,
        style=context.style,
    )


def _finding(path: str, waiver: Waiver, code: str) -> Finding:
    return Finding(
        IDLE,
        codes.rules()[IDLE].severity,
        f"The waiver of {code} waives nothing: there is no such finding here.",
        FilePlace(path, waiver.line, waiver.column),
        f"Take {code} out of this line, or move the line directly above the statement it is about.",
    )
