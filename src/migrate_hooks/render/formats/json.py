"""The report for programs: JSON, version 1, described in docs/JSON.md."""

from typing import Any

from migrate_hooks.model.finding import FilePlace, Finding, Place
from migrate_hooks.model.history import Entry, Sighting, Step
from migrate_hooks.model.report import Listing, Report
from migrate_hooks.model.schema import Difference
from migrate_hooks.render.base import Format, Style
from migrate_hooks.render.document import dump
from migrate_hooks.schema.identity import dotted

VERSION = 1

Object = dict[str, Any]


def _place(place: Place | None) -> Object | None:
    if place is None:
        return None
    if isinstance(place, FilePlace):
        return {"path": place.path, "line": place.line, "column": place.column}
    return {
        "environment": place.environment,
        "kind": place.kind,
        "identity": place.identity,
    }


def _finding(finding: Finding) -> Object:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "hint": finding.hint,
        "place": _place(finding.place),
        "excerpt": finding.excerpt,
    }


def _entry(entry: Entry) -> Object:
    migration, applied = entry.migration, entry.applied
    return {
        "environment": entry.environment,
        "version": entry.version.text,
        "name": migration.name if migration else applied.name if applied else None,
        "state": entry.state,
        "applied_at": applied.applied_at if applied else None,
        "path": migration.path if migration else None,
        "edit": entry.edit,
        "applied_as": entry.other.text if entry.other else None,
        "found_in": _sighting(entry.sighting),
        "duration_ms": applied.duration_ms if applied else None,
        "run_id": applied.run_id if applied else None,
        "git_commit": applied.git_commit if applied else None,
        "applied_by": applied.applied_by if applied else None,
    }


def _sighting(seen: Sighting | None) -> Object | None:
    if seen is None or not seen.commit:
        return None
    return {
        "path": seen.path,
        "commit": seen.commit,
        "author": seen.author,
        "branches": seen.branches,
    }


def _difference(difference: Difference) -> Object:
    return {
        "change": difference.change,
        "kind": difference.kind,
        "identity": dotted(difference.identity),
        "source": difference.source,
        "target": difference.target,
        "severity": difference.severity,
        "attributes": [
            {"name": each.name, "source": each.source, "target": each.target}
            for each in difference.attributes
        ],
        "cause": difference.cause,
        "origin": difference.origin,
    }


def _step(step: Step, environment: str) -> Object:
    script = step.migration.up if step.direction == "up" else step.migration.down
    settings = step.settings
    return {
        "environment": environment,
        "version": step.migration.version.text,
        "name": step.migration.name,
        "path": step.migration.path,
        "direction": step.direction,
        "state": step.state,
        "in_transaction": script.in_transaction if script else None,
        "settings": {
            "lock_timeout": settings.lock_timeout,
            "statement_timeout": settings.statement_timeout,
            "idle_in_transaction_session_timeout": settings.idle_in_transaction_session_timeout,
            "client_connection_check_interval": settings.client_connection_check_interval,
        },
    }


def _table(listing: Listing) -> Object:
    return {"title": listing.title, "columns": listing.columns, "rows": listing.rows}


def _document(report: Report) -> Object:
    return {
        "version": VERSION,
        "action": report.action,
        "environment": report.environment or None,
        "outcome": report.outcome,
        "exit_code": int(report.exit_code),
        "findings": [_finding(each) for each in report.findings],
        "entries": [_entry(each) for each in report.entries],
        "differences": [_difference(each) for each in report.differences],
        "steps": [_step(each, report.environment) for each in report.steps],
        "tables": [_table(each) for each in report.listings],
        "notes": report.notes,
        "body": report.body or None,
    }


def render(report: Report, style: Style) -> str:
    """Return the report as one JSON document in ASCII; `style` has no say in it."""
    return dump(_document(report))


FORMAT = Format(name="json", render=render)
