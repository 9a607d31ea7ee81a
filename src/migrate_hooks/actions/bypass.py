"""A hook that somebody leaves out on purpose: with a reason, which is written down here.

Nothing is checked then. What was pushed or committed that way is judged where nobody can leave it
out: by CI.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from migrate_hooks.actions.hook import SKIP
from migrate_hooks.errors import Exit, Refused
from migrate_hooks.events.base import GitEvent
from migrate_hooks.model.report import Outcome, Report
from migrate_hooks.model.trigger import Trigger
from migrate_hooks.outside import person, run_log

REASON = "MIGRATE_HOOKS_SKIP_REASON"


def is_asked(event: GitEvent, variables: Mapping[str, str]) -> bool:
    """Return whether the shell names this hook among those to leave out."""
    words = re.split(r"[\s,]+", variables.get(SKIP, ""))
    return event.name in (word.replace("_", "-") for word in words)


def report(event: GitEvent, trigger: Trigger, variables: Mapping[str, str]) -> Report:
    """Write down that the hook was left out, and say so.

    Raises Refused where a hook that could have stopped git is left out without a reason.
    """
    reason = " ".join(variables.get(REASON, "").split())
    if event.blocks and not reason:
        raise Refused(
            f"{SKIP} leaves out {event.name}, and nobody says why. So this {event.command} stops.",
            f"Say why, it is written down on this machine: {SKIP}={event.name} "
            f"{REASON}='why it cannot wait' {event.command}",
        )
    place = _written_down(event, trigger, reason)
    because = f": {reason}" if reason else ""
    where = f"Written down in {place}" if place else "It could not be written down"
    note = f"{event.name} was skipped{because}. Nothing was checked. {where}; CI judges what comes."
    return Report(f"hook {event.name}", Outcome.UNCHECKED, Exit.CLEAN, notes=(note,))


def _written_down(event: GitEvent, trigger: Trigger, reason: str) -> Path | None:
    log = run_log.begin(run_log.new_id(), lambda text: text)
    refs = [f"{one.local_oid or '(deleted)'} {one.remote_ref}" for one in trigger.updates]
    log.write(
        "skipped",
        hook=event.name,
        reason=reason,
        who=person.here(),
        folder=str(Path.cwd()),
        refs="\n".join(refs),
    )
    log.close()
    return log.path
