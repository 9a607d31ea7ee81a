"""Files against ledger: every state, from values to values."""

import pytest

from migrate_hooks.errors import AmbiguousName, UnknownMigration
from migrate_hooks.history import guard, judge, plan
from migrate_hooks.history.reconcile import reconcile
from migrate_hooks.history.session import settings_sql
from migrate_hooks.layouts.formats.sections import LAYOUT
from migrate_hooks.model.finding import FilePlace, ObjectPlace, Severity
from migrate_hooks.model.history import Applied, Entry, SessionSettings
from migrate_hooks.model.migration import Migration, Version
from migrate_hooks.model.settings import ApplySettings


def file(version: int, name: str = "x", up: str = "SELECT 1") -> Migration:
    return LAYOUT.read(f"migrations/{version}_{name}.sql", f"-- UP Migration\n{up};\n")


def row(version: int, checksum: str | None = None) -> Applied:
    return Applied(Version((version,), str(version)), "x", checksum)


def states(files: list[Migration], rows: list[Applied]) -> list[tuple[str, str]]:
    return [(one.version.text, one.state.value) for one in reconcile("dev", files, rows)]


@pytest.mark.parametrize(
    ("files", "rows", "expected"),
    [
        ([], [], []),
        ([file(1)], [], [("1", "pending")]),
        ([file(1)], [row(1)], [("1", "applied")]),
        ([], [row(1)], [("1", "unknown")]),
        ([file(1)], [row(1, file(1).checksum)], [("1", "applied")]),
        ([file(1)], [row(1, "other")], [("1", "changed")]),
        ([file(1), file(2)], [row(2)], [("1", "out-of-order"), ("2", "applied")]),
        ([file(9), file(10)], [row(9)], [("9", "applied"), ("10", "pending")]),
        ([file(2)], [row(1)], [("1", "unknown"), ("2", "pending")]),
    ],
)
def test_every_version_has_one_state(
    files: list[Migration], rows: list[Applied], expected: list[tuple[str, str]]
) -> None:
    assert states(files, rows) == expected


def entries() -> tuple[Entry, ...]:
    return reconcile("dev", [file(1, "add_users"), file(2, "add_users_email"), file(12, "x")], [])


@pytest.mark.parametrize(
    ("wanted", "version"),
    [
        ("1_add_users", "1"),
        ("add_users", "1"),
        ("email", "2"),
        ("migrations/2_add_users_email.sql", "2"),
        ("2", "2"),
        ("12_", "12"),
    ],
)
def test_a_name_in_whole_or_in_part_finds_one(wanted: str, version: str) -> None:
    assert plan.find(entries(), wanted).version.text == version


def test_an_ambiguous_name_lists_the_candidates() -> None:
    with pytest.raises(AmbiguousName) as caught:
        plan.find(entries(), "add")
    assert "1_add_users, 2_add_users_email" in caught.value.message


@pytest.mark.parametrize("wanted", ["nothing", "", "%"])
def test_a_name_that_fits_none_lists_what_there_is(wanted: str) -> None:
    with pytest.raises(UnknownMigration) as caught:
        plan.find(entries(), wanted)
    assert "1_add_users" in caught.value.hint


def test_a_plan_holds_what_is_pending_oldest_first_with_its_settings() -> None:
    found = plan.pending("dev", reconcile("dev", [file(3), file(1)], []), ApplySettings(7, 8, 9))
    assert [step.migration.version.text for step in found.steps] == ["1", "3"]
    assert found.steps[0].settings == SessionSettings(7, 8, 9)


def test_one_function_makes_the_settings_that_are_printed_and_run() -> None:
    assert settings_sql(SessionSettings(5, 0, 7), local=True) == (
        "SET LOCAL lock_timeout = '5ms'",
        "SET LOCAL statement_timeout = '0ms'",
        "SET LOCAL idle_in_transaction_session_timeout = '7ms'",
    )


@pytest.mark.parametrize(
    ("up", "code"),
    [
        ("SELECT 1;\nCOMMIT;\nSELECT 2", "apply/transaction-control"),
        ("SELECT 1;\nROLLBACK", "apply/transaction-control"),
        ("BEGIN;\nSELECT 1;\nCOMMIT", None),
        ("SELECT $$ COMMIT; $$", None),
        ("CREATE INDEX CONCURRENTLY i ON t (a)", None),
        ("SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a)", "apply/not-in-transaction"),
        ("\\connect other\nSELECT 1", "apply/psql-only"),
        ("COPY t FROM stdin;\n1\n\\.\nSELECT 1", "apply/psql-only"),
        ("COPY t TO stdout", "apply/psql-only"),
        ("-- to be written", "apply/empty"),
        ("COPY stdin_log FROM '/tmp/x'", None),
    ],
)
def test_what_no_runner_can_carry_out_is_found_before_anything_runs(
    up: str, code: str | None
) -> None:
    planned = plan.pending("dev", reconcile("dev", [file(1, up=up)], []), ApplySettings())
    assert [finding.code for finding in guard.cannot_run(planned)] == ([code] if code else [])


def test_the_place_of_what_cannot_run_is_the_files_own() -> None:
    planned = plan.pending(
        "dev", reconcile("dev", [file(1, up="SELECT 1;\n  COMMIT;\nSELECT 2")], []), ApplySettings()
    )
    assert guard.cannot_run(planned)[0].place == FilePlace("migrations/1_x.sql", 3, 3)


def test_two_files_of_one_version_are_refused_by_name() -> None:
    found = guard.duplicates([file(1, "a"), file(1, "b"), file(2)])
    assert [finding.place for finding in found] == [FilePlace("migrations/1_b.sql")]
    assert "migrations/1_a.sql" in found[0].message


def test_unknown_changed_and_late_are_worth_saying_and_nothing_else_is() -> None:
    found = judge.findings(
        reconcile("dev", [file(1), file(2), file(3), file(9)], [row(2), row(3, "o"), row(4)]),
        Severity.CRITICAL,
    )
    assert [(one.code, one.place) for one in found] == [
        ("status/out-of-order", FilePlace("migrations/1_x.sql")),
        ("status/changed", FilePlace("migrations/3_x.sql")),
        ("status/unknown", ObjectPlace("dev", "migration", "4")),
    ]
