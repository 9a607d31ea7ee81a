"""squawk's findings as ours: only UP, in the mode the runner runs it, on tables that have rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from migrate_hooks.errors import ConfigProblem, Failure, ToolMissing
from migrate_hooks.lint import proofs
from migrate_hooks.lint.base import Engine, Finish, Judge
from migrate_hooks.lint.facts import TABLES, Context, Subject, touched
from migrate_hooks.lint.hazards import (
    CONTRADICTED,
    GENERAL,
    HAZARDS,
    MEANT,
    QUIET,
    RERUN,
    Hazard,
)
from migrate_hooks.model.finding import FilePlace, Finding, Severity
from migrate_hooks.model.migration import Statement
from migrate_hooks.model.settings import LintSettings
from migrate_hooks.outside import squawk
from migrate_hooks.outside.squawk import RawFinding
from migrate_hooks.sql import blocks
from migrate_hooks.sql.operations import Operation
from migrate_hooks.sql.parse import Name

_SYNTAX = "syntax-error"
_NOWHERE = Statement("", 1, 1, "", "", True)


def _wanted(wishes: LintSettings) -> bool:
    return wishes.safety


def _begin(_texts: Mapping[str, str], _root: Path) -> Judge:
    return _start  # what is UP, and what a transaction wraps, is not known yet


def _start(subjects: Sequence[Subject], context: Context) -> Finish:
    groups = [
        {one.path: one for one in subjects if one.in_transaction == in_transaction}
        for in_transaction in (True, False)
    ]
    waiting = [(group, _start_group(group, context)) for group in groups if group]
    return lambda: [
        finding for group, finish in waiting for finding in _findings(group, finish, context)
    ]


def _start_group(
    group: Mapping[str, Subject], context: Context
) -> Callable[[], Sequence[RawFinding]]:
    """Start one process on files that all run inside of a transaction, or all outside."""
    config = context.root / squawk.CONFIG
    return squawk.begin(
        {path: blocks.opened(one.up_text, one.up)[0] for path, one in group.items()},
        in_transaction=any(one.in_transaction for one in group.values()),
        server_version=context.server_version,
        config=config if config.is_file() else None,
    )


def _findings(
    group: Mapping[str, Subject], finish: Callable[[], Sequence[RawFinding]], context: Context
) -> Iterable[Finding]:
    try:
        raw = finish()
    except (ToolMissing, ConfigProblem):
        raise
    except Failure as failure:
        return [_not_checked(path, failure) for path in group]
    known = [one for one in raw if not _is_told_better(one, raw)]
    judged = (_judge(one, group[one.path], context) for one in known)
    return [finding for finding in judged if finding is not None]


def _not_checked(path: str, failure: Failure) -> Finding:
    return Finding(
        "squawk/not-checked",
        Severity.CRITICAL,
        f"The safety of this migration was not checked: {failure.message}",
        FilePlace(path),
        "Run the command again; if it stays, set `safety = false` under [lint] and report it.",
    )


def _is_told_better(general: RawFinding, all_found: Sequence[RawFinding]) -> bool:
    """Return whether a finding inside the same constraint says what kind of constraint it is."""
    if general.rule != GENERAL:
        return False
    start, end = (general.line, general.column), (general.end_line, general.end_column)
    return any(
        other.path == general.path
        and other.rule != GENERAL
        and other.rule in HAZARDS
        and start <= (other.line, other.column) < end
        for other in all_found
    )


def _judge(raw: RawFinding, subject: Subject, context: Context) -> Finding | None:
    """Return our finding for one of squawk's, or None where our runner proves it wrong."""
    statement = _statement_at(subject, raw)
    if raw.rule == _SYNTAX:
        return None if subject.syntax else _unread(raw)
    if raw.rule in CONTRADICTED:
        return None
    if raw.rule == RERUN and (subject.in_transaction or not statement.transactional):
        return None
    done = [one for one in subject.operations if _is_of(one, statement)]
    if proofs.is_disproved(raw.rule, done, subject, context):
        return None
    hazard = HAZARDS.get(raw.rule)
    if hazard is None:
        return _in_its_own_words(raw)
    locked = touched(statement.text)
    if hazard.on_rows and _is_on_new(done, locked, subject, context):
        return None
    return _in_our_words(raw, hazard, _table(locked), statement.target)


def _is_on_new(
    done: Sequence[Operation], locked: frozenset[Name], subject: Subject, context: Context
) -> bool:
    """Return whether a statement meets only what nobody uses yet."""
    if any(one.table for one in done):
        return not any(subject.on_existing(one) for one in done)
    return bool(locked) and locked <= context.fresh


def _statement_at(subject: Subject, raw: RawFinding) -> Statement:
    place = (raw.line, raw.column)
    statements = blocks.opened(subject.up_text, subject.up)[1]
    before = [one for one in statements if (one.line, one.column) <= place]
    return before[-1] if before else _NOWHERE


def _is_of(one: Operation, statement: Statement) -> bool:
    """Return whether an operation is of a statement, which may stand in a DO block."""
    if one.statement == statement:
        return True
    last = statement.line + statement.text.count("\n")
    place = (statement.line, statement.column)
    return one.statement.verb == "DO" and place <= (one.line, one.column) and one.line <= last


def _table(locked: Iterable[Name]) -> str:
    """Return the table's name for a sentence; public goes without saying."""
    tables = ((schema, name) for kind, schema, name in locked if kind in TABLES)
    named = sorted(name if schema == "public" else f"{schema}.{name}" for schema, name in tables)
    return ", ".join(named) or "the table"


def _in_our_words(raw: RawFinding, hazard: Hazard, table: str, target: str) -> Finding:
    words = {"table": table, "target": target, "rule": raw.rule}
    return Finding(
        f"squawk/{raw.rule}",
        hazard.severity,
        hazard.message.format_map(words),
        FilePlace(raw.path, raw.line, raw.column),
        hazard.hint.format_map(words),
    )


def _in_its_own_words(raw: RawFinding) -> Finding:
    meant = f"If it is meant, {MEANT.format(rule=raw.rule)}."
    return Finding(
        f"squawk/{raw.rule}",
        Severity.INFO if raw.rule in QUIET else Severity.WARNING,
        raw.message,
        FilePlace(raw.path, raw.line, raw.column),
        f"{raw.help.rstrip('.')}. {meant}" if raw.help else meant,
    )


def _unread(raw: RawFinding) -> Finding:
    return Finding(
        "squawk/not-checked",
        Severity.INFO,
        f"squawk cannot read this although PostgreSQL can, so its safety was not checked: "
        f"{raw.message}.",
        FilePlace(raw.path, raw.line, raw.column),
        "Read the statement with an eye to locks and lost data.",
    )


ENGINE = Engine("squawk", _wanted, _begin)
