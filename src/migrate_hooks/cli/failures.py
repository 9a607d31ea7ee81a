"""What stops an action, as a report: programs get one whatever happens."""

import traceback
from pathlib import Path

from migrate_hooks import errors
from migrate_hooks.errors import Exit, Failure
from migrate_hooks.model.finding import Finding, Severity
from migrate_hooks.model.report import Outcome, Report

_OUTCOMES = {
    Exit.FINDINGS: Outcome.REFUSED,
    Exit.UNCHECKED: Outcome.UNCHECKED,
    Exit.PARTIAL: Outcome.PARTIAL,
}

# These share exit code 1 with the guards that say no, but here something was tried and went wrong.
_TRIED = (errors.BackupFailed, errors.QueryFailed, errors.CannotWrite)


def expected(failure: Failure, action: str) -> Report:
    """Return the report of a failure that the program knows."""
    tried = isinstance(failure, _TRIED)
    outcome = Outcome.FAILED if tried else _OUTCOMES.get(failure.exit, Outcome.FAILED)
    finding = Finding(failure.code, Severity.CRITICAL, failure.message, hint=failure.hint)
    return Report(action, outcome, failure.exit, findings=(finding,))


def usage(message: str, hint: str) -> Report:
    """Return the report of words that make no command."""
    return expected(errors.UsageProblem(message, hint), "")


def interrupted(action: str) -> Report:
    """Return the report of a run that ctrl-C ended."""
    message = "stopped by ctrl-C before it was done."
    finding = Finding("interrupted", Severity.CRITICAL, message)
    return Report(action, Outcome.FAILED, Exit.INTERRUPTED, findings=(finding,))


def refused_by_system(wrong: OSError, action: str) -> Report:
    """Return the report of what the system would not do, where no action has better words."""
    place = f"{wrong.filename}: " if isinstance(wrong.filename, str) else ""
    finding = Finding(
        "system",
        Severity.CRITICAL,
        f"{place}{wrong.strerror or type(wrong).__name__}.",
        hint="Check permissions and free space there, then run the command again; "
        "MIGRATE_HOOKS_DEBUG=1 shows where it happened.",
    )
    return Report(action, Outcome.FAILED, Exit.FINDINGS, findings=(finding,))


def unexpected(bug: Exception, action: str) -> Report:
    """Return the report of a bug: its type and place, never its words, which may hold a secret."""
    finding = Finding(
        "internal",
        Severity.CRITICAL,
        f"this is a bug in migrate-hooks: {type(bug).__name__} at {_place(bug)}.",
        hint="Report it with the command you typed; MIGRATE_HOOKS_DEBUG=1 shows the traceback, "
        "which may contain secrets.",
    )
    return Report(action, Outcome.FAILED, Exit.FINDINGS, findings=(finding,))


def _place(bug: Exception) -> str:
    """Return file:line of the innermost frame that is ours."""
    ours = Path(errors.__file__).parent
    calls = [
        (Path(frame.f_code.co_filename), row) for frame, row in traceback.walk_tb(bug.__traceback__)
    ]
    places = [
        f"{file.relative_to(ours.parent)}:{row}" for file, row in calls if ours in file.parents
    ]
    return places[-1] if places else "an unknown place"
