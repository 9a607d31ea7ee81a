"""What programs read: one valid document, exactly as docs/JSON.md describes it."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from migrate_hooks.model.report import Report
from migrate_hooks.render.base import Style
from migrate_hooks.render.formats.json import FORMAT
from tests.render.reports import APPLY, CLEAN, DRIFT, HOSTILE, LINT, REPORTS, STATUS, hostile

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report-v1.schema.json").read_text())
ALL = {**REPORTS, "hostile": hostile()}


def document(report: Report) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(FORMAT.render(report, Style(color=True, verbose=True)))
    return parsed


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("report", ALL.values(), ids=ALL)
def test_every_report_is_what_the_schema_says(report: Report) -> None:
    jsonschema.validate(document(report), SCHEMA, jsonschema.Draft202012Validator)


def test_the_schema_refuses_what_a_report_is_not() -> None:
    wrong = {**document(CLEAN), "outcome": "fine"}
    with pytest.raises(jsonschema.ValidationError, match="'fine' is not one of"):
        jsonschema.validate(wrong, SCHEMA)
    with pytest.raises(jsonschema.ValidationError, match="unexpected"):
        jsonschema.validate({**document(CLEAN), "more": 1}, SCHEMA)


def test_a_clean_report_has_every_key_and_nothing_in_it() -> None:
    assert document(CLEAN) == {
        "version": 1,
        "action": "lint",
        "environment": None,
        "outcome": "clean",
        "exit_code": 0,
        "findings": [],
        "entries": [],
        "differences": [],
        "steps": [],
        "tables": [],
        "notes": [],
        "body": None,
    }


def test_a_finding_says_what_where_and_what_to_do() -> None:
    assert document(LINT)["findings"][0] == {
        "code": "down/missing",
        "severity": "critical",
        "message": "There is no DOWN section.",
        "hint": "Write one.",
        "place": {"path": "migrations/b.sql", "line": 9, "column": 1},
        "excerpt": "",
    }
    assert document(STATUS)["findings"][0]["place"] == {
        "environment": "production",
        "kind": "environment",
        "identity": "production",
    }


def test_info_is_always_there() -> None:
    assert [each["severity"] for each in document(LINT)["findings"]] == [
        "critical",
        "warning",
        "info",
    ]


def test_an_entry_has_a_name_from_the_file_or_the_ledger() -> None:
    assert document(STATUS)["entries"][0] == {
        "environment": "dev",
        "version": "20260101000000",
        "name": "core_schema",
        "state": "applied",
        "applied_at": "2026-01-01 10:00:00+00",
        "path": "migrations/20260101000000_core_schema.sql",
        "edit": None,
        "applied_as": None,
        "found_in": None,
        "duration_ms": None,
        "run_id": None,
        "git_commit": None,
        "applied_by": None,
    }
    assert document(STATUS)["entries"][2]["name"] == "日本"
    assert document(STATUS)["entries"][2]["path"] is None


def test_an_entry_says_what_became_of_its_file() -> None:
    _, _, _, _, changed, failed, renumbered = document(STATUS)["entries"]
    assert (changed["edit"], changed["duration_ms"], changed["applied_by"]) == (
        "text only",
        12,
        "ci",
    )
    assert changed["found_in"] == {
        "path": "migrations/20260101000000_core_schema.sql",
        "commit": "0a1b2c3d",
        "author": "Ada",
        "branches": ["main"],
    }
    assert failed["state"] == "failed"
    assert (renumbered["state"], renumbered["applied_as"]) == ("renumbered", "20260103000000")


def test_a_difference_keeps_null_apart_from_text() -> None:
    assert document(DRIFT)["differences"][0] == {
        "change": "changed",
        "kind": "column",
        "identity": 'public."Order items".qty',
        "source": "source",
        "target": "target",
        "severity": "warning",
        "attributes": [
            {"name": "type", "source": "integer", "target": "bigint"},
            {"name": "default", "source": None, "target": "0"},
        ],
        "cause": None,
        "origin": None,
    }


def test_a_step_says_how_it_runs() -> None:
    assert document(APPLY)["steps"][1] == {
        "environment": "staging",
        "version": "20260103000000",
        "name": "index_orders",
        "path": "migrations/20260103000000_index_orders.sql",
        "direction": "up",
        "state": "failed",
        "in_transaction": False,
        "settings": {
            "lock_timeout": 5000,
            "statement_timeout": 0,
            "idle_in_transaction_session_timeout": 60000,
            "client_connection_check_interval": 500,
        },
    }


def test_hostile_names_arrive_whole_but_cannot_reach_a_terminal() -> None:
    text = FORMAT.render(hostile(), Style())
    assert text.isascii()
    assert set(text) - {"\n"} <= {chr(code) for code in range(0x20, 0x7F)}
    assert json.loads(text)["body"] == HOSTILE.replace("\ud800", r"\ud800")
