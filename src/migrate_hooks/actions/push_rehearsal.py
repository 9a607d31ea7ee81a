"""What would happen: a push's pending migrations, run on a scratch copy of the environment."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migrate_hooks.actions import replay, replica
from migrate_hooks.actions.drift_read import Seen
from migrate_hooks.actions.replay import Piece
from migrate_hooks.actions.replica import Replica
from migrate_hooks.actions.sources import Source
from migrate_hooks.errors import ReplayFailed
from migrate_hooks.history import guard, plan
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.history import Entry, Plan, Step
from migrate_hooks.model.migration import called
from migrate_hooks.model.settings import Settings
from migrate_hooks.model.words import amount

_OF_ROWS = ("22", "23", "P0")
"""Classes of SQLSTATE that tell of rows: a copy without any proves nothing about those."""

_OF_THE_SERVER = re.compile(r'(role|tablespace|database) "')
"""What belongs to a whole server: it may be there, and the scratch server cannot know."""
_MISSING = ("42704", "3D000")


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How it went, and sentences about what it could not be tried with."""

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


def run(settings: Settings, source: Source, seen: Seen, entries: Sequence[Entry]) -> Rehearsal:
    """Run what is pending on a copy of what was `seen`; raises what a replay raises."""
    name = seen.target.environment
    todo = plan.pending(name, entries, settings.apply)
    if not todo.steps:
        return Rehearsal()
    unrunnable = guard.cannot_run(todo)
    if unrunnable:
        return Rehearsal(unrunnable)

    def on(copy: Replica) -> Rehearsal:
        return Rehearsal(_tried(copy, name, todo), tuple(_lacks(copy, name)))

    return replica.on_present(settings, source, seen, on)


def _tried(copy: Replica, name: str, todo: Plan) -> tuple[Finding, ...]:
    with replica.fork(copy) as session:
        for step in todo.steps:
            piece = Piece(called(step.path), step.script)
            try:
                replay.run_piece(session, piece, copy.shop.ground)
            except ReplayFailed as wrong:
                if wrong.extension or not wrong.sqlstate:
                    raise
                return (_failed(name, step, wrong),)
    return ()


def _failed(name: str, step: Step, wrong: ReplayFailed) -> Finding:
    said = wrong.message.partition(": ")[2]
    if wrong.sqlstate.startswith(_OF_ROWS):
        why = "it asks for rows, and the copy that it was tried on has none"
        hint = (
            f"Try it where rows are: migrate-hooks apply --env={name} --dry-run=server, on an "
            "environment that is not protected."
        )
        return _unknown("needs-rows", name, step, f"{why}. PostgreSQL says there: {said}", hint)
    if wrong.sqlstate in _MISSING and _OF_THE_SERVER.match(said):
        why = f"it names something of {name}'s server that the scratch server has not"
        hint = (
            "Create it for every replay, in a file of SQL that migrate-hooks.toml names: "
            'scratch.prelude = ["FILE.sql"].'
        )
        return _unknown("needs-server", name, step, f"{why}. PostgreSQL says there: {said}", hint)
    return Finding(
        "rehearsal/failed",
        Severity.CRITICAL,
        f"This would fail on {name}: run on a copy of its present schema, PostgreSQL says: {said}",
        FilePlace(step.path),
        f"Correct the file, or what {name} has that it does not expect: "
        f"migrate-hooks drift --env={name}",
    )


def _unknown(code: str, name: str, step: Step, why: str, hint: str) -> Finding:
    message = f"What would happen on {name} from this file on is not known: {why}"
    return Finding(f"rehearsal/{code}", Severity.WARNING, message, FilePlace(step.path), hint)


def _lacks(copy: Replica, name: str) -> Iterator[str]:
    if copy.lacks:
        objects = amount(len(copy.lacks), "object")
        yield f"rehearsed without {objects} made by hand on {name}, which could not be copied"
