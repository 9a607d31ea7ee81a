"""Migrations for people: where each stands in each environment, and what a run does with it."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from migrate_hooks.model.history import Entry, State, Step
from migrate_hooks.model.report import Report
from migrate_hooks.render.base import Style
from migrate_hooks.render.ink import Line, Role, Span, line
from migrate_hooks.render.table import table

STATES = {
    State.APPLIED: ("✓", Role.GOOD),
    State.PENDING: ("•", Role.NOTE),
    State.UNKNOWN: ("?", Role.BAD),
    State.CHANGED: ("!", Role.BAD),
    State.FAILED: ("✗", Role.BAD),
    State.OUT_OF_ORDER: ("!", Role.WARNING),
    State.RENUMBERED: ("=", Role.WARNING),
}

STEPS = {
    "planned": ("•", Role.NOTE),
    "applied": ("✓", Role.GOOD),
    "failed": ("✗", Role.BAD),
    "not-run": ("-", Role.DIM),
    "rolled-back": ("✓", Role.GOOD),
    "already-done": ("✓", Role.DIM),
    "partial": ("!", Role.BAD),
    "unknown": ("?", Role.BAD),
}
_TOLD: tuple[set[str], ...] = ({"applied"}, {"rolled-back"}, {"planned"}, set())


def entries(report: Report, style: Style) -> Iterator[tuple[Line, ...]]:
    """Yield one table for each environment, under its name and its counts."""
    for environment, group in groupby(report.entries, key=lambda entry: entry.environment):
        yield _environment(environment, tuple(group), style)


def steps(report: Report, style: Style) -> tuple[Line, ...]:
    """Return the table of steps in the order in which they run.

    A plan has been told in notes, and where all went well the lines of progress have said it.
    """
    if {step.state for step in report.steps} in _TOLD:
        return ()
    title = f"{report.environment}: {_amount(len(report.steps), 'migration')}"
    header = ("", "step", "file", "")
    rows = [_step(step) for step in report.steps]
    return (line(Span(title, Role.STRONG)), *table(header, rows, style))


def _environment(environment: str, group: Sequence[Entry], style: Style) -> tuple[Line, ...]:
    title = line(Span(environment, Role.STRONG), f": {_counts(group)}")
    header = ("", "state", "version", "name", "applied at")
    return (title, *table(header, [_entry(entry) for entry in group], style))


def _counts(group: Sequence[Entry]) -> str:
    found = [entry.state for entry in group]
    present = [
        state for state in State if state in found or state in (State.APPLIED, State.PENDING)
    ]
    return ", ".join(f"{found.count(state)} {state}" for state in present)


def _entry(entry: Entry) -> list[Span]:
    sign, role = STATES[entry.state]
    name = entry.migration.name if entry.migration else entry.applied and entry.applied.name
    when = entry.applied.applied_at if entry.applied else None
    return [
        Span(sign, role),
        Span(_state(entry), role),
        Span(entry.version.text.removesuffix(f"_{name}")),
        Span(name or "-"),
        Span(when or "", Role.DIM),
    ]


def _state(entry: Entry) -> str:
    if entry.edit:
        return f"{entry.state} ({entry.edit})"
    return f"{entry.state} (was {entry.other.text})" if entry.other else entry.state


def _step(step: Step) -> list[Span]:
    sign, role = STEPS.get(step.state, ("", Role.PLAIN))
    script = step.migration.up if step.direction == "up" else step.migration.down
    alone = "" if script is None or script.in_transaction else "outside a transaction"
    return [
        Span(sign, role),
        Span(f"{step.direction} {step.state}", role),
        Span(step.migration.path),
        Span(alone, Role.WARNING),
    ]


def _amount(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"
