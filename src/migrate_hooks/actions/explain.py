"""What became of a step, in words: its state, what it left, and the next thing to type."""

import traceback

from migrate_hooks.actions.job import ACTIONS, Ending, Result, command
from migrate_hooks.errors import Bug, Failure, LockBusy, QueryFailed
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.history import Direction, Step

_PAST = {Direction.UP: "applied", Direction.DOWN: "rolled back"}


def state(step: Step, ending: Ending) -> str:
    """Return the state of a step that ended so: one word, for programs too."""
    if ending is Ending.DONE:
        return _PAST[step.direction].replace(" ", "-")
    return ending.value


def word(step: Step, ending: Ending) -> str:
    """Return the end of the sentence that starts with the file's name."""
    past = _PAST[step.direction]
    return past if ending is Ending.DONE else f"was {past} by someone else meanwhile"


def finding(environment: str, step: Step, result: Result, rest: int = 1) -> Finding:
    """Return what stopped a step, with its place in the file and the way on.

    `rest` counts the steps that are left, this one included.
    """
    failure = result.failure or Failure("It failed.")
    code = failure.sqlstate if isinstance(failure, QueryFailed) else ""
    message = f"ERROR {code}: {failure.message}" if code else failure.message
    if result.statement:
        message = f"{message} (in: {_first_line(result.statement.text)})"
    own_code = isinstance(failure, LockBusy | Bug)
    return Finding(
        failure.code if own_code else f"{ACTIONS[step.direction]}/{result.ending.value}",
        Severity.CRITICAL,
        message,
        _place(step, result),
        _next_command(environment, step, result, rest),
    )


def interruption(step: Step, ending: Ending) -> str:
    """Return what ctrl-C left of the step that it ended."""
    name, past = step.migration.path, _PAST[step.direction]
    words = {
        Ending.DONE: f"{name} was {past} just before.",
        Ending.PARTIAL: f"{name} runs outside a transaction: statements that had ended stay.",
        Ending.UNKNOWN: f"Whether {name} was {past} is not known.",
    }
    undone = f"{name} was cancelled and undone by the server: nothing of it is {past}."
    if step.direction is Direction.UP:
        undone = f"{name} was rolled back: nothing of it is applied."
    return f"Interrupted. {words.get(ending, undone)}"


def look(environment: str) -> str:
    """Return the commands that say where things stand."""
    return (
        f"`migrate-hooks verify --env={environment}` and `migrate-hooks status --env={environment}`"
    )


def bug(found: Exception) -> Bug:
    """Return an unexpected exception as a failure: its type and place, never its words."""
    last = traceback.extract_tb(found.__traceback__)[-1]
    place = f"{last.filename.rpartition('/')[2]}:{last.lineno}"
    return Bug(
        f"this is a bug in migrate-hooks: {type(found).__name__} at {place}.",
        "Report it with the command you typed; MIGRATE_HOOKS_DEBUG=1 shows the traceback.",
    )


def _first_line(text: str) -> str:
    first = text.partition("\n")[0].strip()
    return f"{first[:77]}..." if len(first) > 80 else first


def _place(step: Step, result: Result) -> FilePlace:
    """Return the place the server points at, in the file's own lines and columns."""
    statement, failure = result.statement, result.failure
    if statement is None:
        return FilePlace(step.path)
    position = failure.position if isinstance(failure, QueryFailed) else None
    before = statement.text[: (position or 1) - 1]
    lines = before.count("\n")
    column = len(before) - before.rfind("\n") if lines else statement.column + len(before)
    return FilePlace(step.path, statement.line + lines, column)


def _next_command(environment: str, step: Step, result: Result, rest: int) -> str:
    if result.advice:
        return result.advice
    if result.ending is Ending.DONE and result.failure:
        return result.failure.hint
    past = _PAST[step.direction]
    again = f"`{command(environment, step, rest)}`"
    if isinstance(result.failure, LockBusy):
        whole = result.ending is Ending.FAILED and step.script.in_transaction
        nothing = f"Nothing of this file was {past}. " if whole else ""
        way = "" if result.statement is None else f"{result.failure.hint} Then: "
        return f"{nothing}{way or 'When the other one is done, run '}{again}."
    if result.ending is Ending.UNKNOWN:
        return (
            f"Whether this file was {past} is not known. Look before anything else: "
            f"{look(environment)}."
        )
    said = result.failure.hint if isinstance(result.failure, QueryFailed) else ""
    server = f" The server's own hint: {said}" if said else ""
    if result.ending is Ending.FAILED:
        return f"Nothing of this file was {past}. Mend it, then run {again}.{server}"
    if step.script.in_transaction:
        return (
            f"A statement of this file ended the transaction it ran in, so part of it is {past}. "
            f"Compare {environment} with the file by hand before anything else."
        )
    return (
        "This file runs outside a transaction: what ran before this statement stays and is not run "
        f"again. Mend the cause, or this statement, then run {again}: it removes an index that was "
        f"left INVALID and goes on here.{server}"
    )
